using Gateway.Firmware.Journal;

namespace Gateway.World.Journal;

/// <summary>
/// What the journal must hold, kept as plain lists beside it. It follows every operation, through power cuts, and then compares (I1, I5, I6).
/// </summary>
public sealed class JournalOracle
{
    readonly ViolationTexts violations;
    readonly Dictionary<(int Lane, uint Seq), RecordFacts> durable;
    readonly Dictionary<(int Lane, uint Seq), RecordFacts> maybe = [];
    readonly uint[] acknowledged = new uint[2];
    uint boot;
    uint? callEpoch;
    uint? eventEpoch;
    uint latched;
    readonly HashSet<uint> latchedMaybe = [];

    public JournalOracle(ViolationTexts violations)
    {
        this.violations = violations;
        durable = [];
    }

    JournalOracle(JournalOracle other)
    {
        violations = other.violations;
        durable = new(other.durable);
        maybe = new(other.maybe);
        other.acknowledged.CopyTo(acknowledged, 0);
        (boot, callEpoch, eventEpoch, latched) = (other.boot, other.callEpoch, other.eventEpoch, other.latched);
        latchedMaybe = [.. other.latchedMaybe];
    }

    /// <summary>Says where the next violations were found; it is part of each text.</summary>
    public string Where { get; set; } = "";

    /// <summary>How many sound records the damage model may have cost: 0 in the atomic model, 1 per flipped bit or torn write.</summary>
    public int LossAllowed { get; set; }

    public JournalOracle Clone() => new(this) { Where = Where, LossAllowed = LossAllowed };

    public uint Acknowledged(int lane) => acknowledged[lane];

    /// <summary>An append is about to run: if the power goes in it, the record may or may not be there.</summary>
    public void Attempting(int lane, uint seq, SignalRecord record, bool opensCall)
    {
        maybe[(lane, seq)] = RecordFacts.Of(record, seq, opensCall ? seq : record.Call);
        if (lane == LaneId.Call) latchedMaybe.Add(LatchAfter(latched, record, opensCall ? seq : record.Call));
    }

    public void Attempted(int lane, SignalRecord record, AppendResult result, uint triedSeq)
    {
        maybe.Remove((lane, triedSeq), out var facts);
        if (result == AppendResult.Durable)
        {
            if (record.Seq != triedSeq) Violation($"lane {lane}: number {record.Seq} instead of {triedSeq}");
            if (!durable.TryAdd((lane, triedSeq), facts)) Violation($"lane {lane}: number {triedSeq} was used twice");
            if (lane == LaneId.Call) latched = LatchAfter(latched, record, record.Call);
            latchedMaybe.Clear();
        }
        else
        {
            // Failed or full: the journal said that it is not there, so it must never come back.
            latchedMaybe.Clear();
        }
    }

    public void Receipted(int lane, uint through) => acknowledged[lane] = Math.Max(acknowledged[lane], through);

    /// <summary>Compares a recovered (or running) journal with what must be in it.</summary>
    /// <param name="isBoot">It was just recovered: the boot number must be new.</param>
    public void Check(SignalJournal journal, bool isBoot)
    {
        if (isBoot)
        {
            if (journal.Boot <= boot) Violation($"boot {journal.Boot} after boot {boot}");
            boot = journal.Boot;
        }

        callEpoch = Same("call epoch", callEpoch, journal.Calls.Epoch);
        eventEpoch = Same("event epoch", eventEpoch, journal.Events.Epoch);
        CheckLane(journal.Calls);
        CheckLane(journal.Events);
        CheckLatch(journal);
    }

    void CheckLane(Lane lane)
    {
        var record = new SignalRecord();
        if (lane.Acknowledged > acknowledged[lane.Id] && lane.Acknowledged >= lane.Oldest)
        {
            // The cursor may jump to just below the oldest record when the state is lost, never over a record that is held.
            Violation($"lane {lane.Id}: cursor {lane.Acknowledged}, receipted {acknowledged[lane.Id]}");
        }

        var missing = 0;
        foreach (var ((id, seq), facts) in durable)
        {
            if (id != lane.Id) continue;
            if (seq >= lane.Next)
            {
                // All that the damage model may cost is what it damaged; a number that was used may never come again.
                Violation($"lane {lane.Id}: next is {lane.Next}, but {seq} was durable");
                continue;
            }

            if (lane.TryRead(seq, record))
            {
                var found = RecordFacts.Of(record, seq, record.Call);
                if (found != facts) Violation($"lane {lane.Id}: {seq} reads {found}, was {facts}");
                continue;
            }

            var receipted = seq <= acknowledged[lane.Id];
            var evicted = lane.Id == LaneId.Event && seq < lane.Oldest;
            if (!receipted && !evicted) missing++;
        }

        if (missing > LossAllowed) Violation($"lane {lane.Id}: {missing} durable records are gone, {LossAllowed} may be");
        for (var seq = lane.Oldest; seq < lane.Next; seq++)
        {
            if (lane.TryRead(seq, record) && !durable.ContainsKey((lane.Id, seq)))
            {
                var found = RecordFacts.Of(record, seq, record.Call);
                if (!maybe.TryGetValue((lane.Id, seq), out var facts) || found != facts) Violation($"lane {lane.Id}: {seq} was invented: {found}");
                else durable[(lane.Id, seq)] = facts;
            }
        }

        foreach (var key in maybe.Keys.Where(key => key.Lane == lane.Id).ToArray())
        {
            // Seen or not: from here on it is as it is.
            maybe.Remove(key);
        }
    }

    void CheckLatch(SignalJournal journal)
    {
        if (journal.Help.Call != latched && !latchedMaybe.Contains(journal.Help.Call) && LossAllowed == 0)
        {
            Violation($"latched call {journal.Help.Call}, must be {latched}");
        }

        latched = journal.Help.Call;
        latchedMaybe.Clear();
    }

    static uint LatchAfter(uint latched, SignalRecord record, uint call) => record.Kind switch
    {
        SignalKind.Help => call,
        SignalKind.Reset => call == latched ? 0 : latched,
        _ => latched,
    };

    uint? Same(string what, uint? before, uint now)
    {
        if (before is { } known && known != now) Violation($"{what} {now:x8}, was {known:x8}");
        return now;
    }

    void Violation(string text) => violations.Add(Where + ": " + text);
}
