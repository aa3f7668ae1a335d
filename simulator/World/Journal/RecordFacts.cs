using Gateway.Firmware.Journal;

namespace Gateway.World.Journal;

/// <summary>What a record says, as a value: two of them are the same record or they are not.</summary>
public readonly record struct RecordFacts(
    uint Seq, int Kind, int Zone, int State, uint Call, int Count, int Value, int Detail, uint Boot, long UpMs, long AtMs, int Clock, bool Test)
{
    public static RecordFacts Of(SignalRecord record) => Of(record, record.Seq, record.Call);

    /// <summary>With the number and call that the journal is about to give it.</summary>
    public static RecordFacts Of(SignalRecord record, uint seq, uint call) => new(
        seq, record.Kind, record.Zone, record.State, call, record.Count, record.Value, record.Detail, record.Boot, record.UpMs, record.AtMs, record.Clock, record.Test);
}
