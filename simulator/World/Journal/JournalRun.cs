using Gateway.Firmware.Journal;

namespace Gateway.World.Journal;

/// <summary>A journal on a flash model with its oracle: every operation goes through here, so that the two never part.</summary>
public sealed class JournalRun
{
    readonly SignalRecord record = new();
    int counter;

    JournalRun(FlashModel flash, JournalOracle oracle, SignalJournal journal, int counter) =>
        (Flash, Oracle, Journal, this.counter) = (flash, oracle, journal, counter);

    public FlashModel Flash { get; }

    public JournalOracle Oracle { get; }

    public SignalJournal Journal { get; }

    /// <summary>Boots a journal; a power cut leaves by exception.</summary>
    public static JournalRun Boot(FlashModel flash, JournalOracle oracle, int seed)
    {
        var journal = new SignalJournal(flash, new SeededRandom(seed));
        journal.Recover();
        if (flash.Reads > SignalJournal.ReadsMax) throw new InvalidOperationException($"recovery took {flash.Reads} reads, its bound is {SignalJournal.ReadsMax}");
        return new JournalRun(flash, oracle, journal, (seed & 0xFFFF) * 1000);
    }

    public void Press() => Append(LaneId.Call, SignalKind.Help, true, true);

    public void Silent() => Append(LaneId.Call, SignalKind.Silent, true, true);

    public void Repeat()
    {
        if (Journal.Help.Call != 0) Append(LaneId.Call, SignalKind.Help, false, false);
    }

    public void Reset()
    {
        if (Journal.Help.Call != 0) Append(LaneId.Call, SignalKind.Reset, false, true);
    }

    public void Event() => Append(LaneId.Event, SignalKind.Door, false, false);

    public void Receipt(int lane, uint through)
    {
        var target = lane == LaneId.Call ? Journal.Calls : Journal.Events;
        if (through >= target.Next) through = target.Next - 1;

        // The hub committed before it sent the receipt: the oracle knows first.
        Oracle.Receipted(lane, through);
        Journal.Acknowledge(target, through, 0);
    }

    public void ReceiptAll(int lane) => Receipt(lane, uint.MaxValue);

    /// <summary>A quiet moment long before the cursor is old: it is saved only when it lags far.</summary>
    public void TidySoon() => Journal.Tidy(0);

    public void Tidy() => Journal.Tidy(SignalJournal.CursorAgeMsMax + 1);

    public void Mark() => Journal.SaveMarker(1);

    void Append(int lane, int kind, bool opensCall, bool isPersons)
    {
        counter++;
        record.Clear();
        record.Kind = kind;
        record.Zone = lane == LaneId.Call ? 1 : 3;
        record.State = kind == SignalKind.Reset ? SignalState.Normal : SignalState.Alarm;
        record.Value = counter;
        record.UpMs = counter * 7L;
        record.Boot = Journal.Boot;
        record.Call = lane == LaneId.Call && !opensCall ? Journal.Help.Call : 0;
        var target = lane == LaneId.Call ? Journal.Calls : Journal.Events;
        var seq = target.Next;
        Oracle.Attempting(lane, seq, record, opensCall);
        var result = lane == LaneId.Call ? Journal.AppendCall(record, opensCall, isPersons) : Journal.AppendEvent(record);
        Oracle.Attempted(lane, record, result, seq);
    }
}
