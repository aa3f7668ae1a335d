using Gateway.Firmware.Journal;

namespace Gateway.World.Journal;

/// <summary>
/// Every single bit of a full journal (160 KB, both lanes at their budget) flipped, one at a time, and recovered each time: nothing invented, at most the record
/// that was hit is lost, and that is reported.
/// </summary>
public static class FlipProof
{
    /// <param name="stride">1: every bit; n: every n-th, beginning with the seed.</param>
    public static void Run(ProofResult result, int stride)
    {
        var image = FullImage();
        var files = image.Flash.Names.ToArray();
        Parallel.ForEach(files, name =>
        {
            var images = 0L;
            for (var bit = result.Seed % stride; bit < image.Flash.LengthOf(name) * 8; bit += stride)
            {
                var violation = Flip(image, name, bit);
                images++;
                if (violation is null) continue;
                lock (result.Texts) result.Texts.Add($"full image, {name}, bit {bit} flipped: {violation}");
            }

            lock (result) result.Images += images;
        });
    }

    /// <summary>What the full image holds: the flash, and every record by lane and number.</summary>
    sealed record Full(FlashModel Flash, Dictionary<uint, RecordFacts>[] Records, uint CallEpoch, uint EventEpoch, uint Boot, uint Latched, uint CallNext, uint EventNext, int Count);

    static Full FullImage()
    {
        var flash = new FlashModel();
        var run = JournalRun.Boot(flash, new JournalOracle(new ViolationTexts()), 1);
        for (var i = 0; i < SignalJournal.CallSegments * Lane.SlotsPerSegment; i++) run.Press();
        for (var i = 0; i < SignalJournal.EventSegments * Lane.SlotsPerSegment; i++) run.Event();
        run.Mark();
        var journal = run.Journal;
        Dictionary<uint, RecordFacts>[] records = [Read(journal.Calls), Read(journal.Events)];
        return new Full(flash, records, journal.Calls.Epoch, journal.Events.Epoch, journal.Boot, journal.Help.Call, journal.Calls.Next, journal.Events.Next, records[0].Count + records[1].Count);
    }

    static Dictionary<uint, RecordFacts> Read(Lane lane)
    {
        var record = new SignalRecord();
        var records = new Dictionary<uint, RecordFacts>();
        for (var seq = lane.Oldest; seq < lane.Next; seq++)
        {
            if (lane.TryRead(seq, record)) records.Add(seq, RecordFacts.Of(record));
        }

        return records;
    }

    /// <summary>Null, or what is wrong.</summary>
    static string? Flip(Full full, string name, int bit)
    {
        var journal = new SignalJournal(full.Flash.Flipped(name, bit), new SeededRandom(2));
        journal.Recover();
        var isState = name.StartsWith("state", StringComparison.Ordinal);
        var report = journal.Report;
        if (report.Records < full.Count - (isState ? 0 : 1)) return $"{report.Records} records of {full.Count} are left";
        if (!isState && !report.HasDamage) return "not reported";
        if (journal.Boot <= full.Boot) return $"boot {journal.Boot} after {full.Boot}";
        if (journal.Calls.Epoch != full.CallEpoch || journal.Events.Epoch != full.EventEpoch) return "another epoch";
        if (journal.Calls.Next != full.CallNext || journal.Events.Next != full.EventNext) return "another next number";
        if (journal.Help.Call != full.Latched) return $"latched {journal.Help.Call}, was {full.Latched}";
        if (journal.Calls.Acknowledged >= journal.Calls.Oldest || journal.Events.Acknowledged >= journal.Events.Oldest) return "a cursor that no receipt moved";
        return isState ? null : Compare(journal, full, name);
    }

    /// <summary>The records of the segment that was hit: each as it was, or gone, and at most one of them gone.</summary>
    static string? Compare(SignalJournal journal, Full full, string name)
    {
        var lane = name[0] == 'c' ? journal.Calls : journal.Events;
        var record = new SignalRecord();
        var first = Convert.ToUInt32(name[2..], 16);
        var lost = 0;
        for (var seq = first; seq < first + Lane.SlotsPerSegment && seq < lane.Next; seq++)
        {
            if (!lane.TryRead(seq, record)) lost++;
            else if (!full.Records[lane.Id].TryGetValue(seq, out var facts) || facts != RecordFacts.Of(record)) return $"{seq} reads {RecordFacts.Of(record)}";
        }

        return lost > 1 ? $"{lost} records are lost" : null;
    }
}
