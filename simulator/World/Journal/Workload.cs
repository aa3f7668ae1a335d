using Gateway.Firmware.Journal;

namespace Gateway.World.Journal;

/// <summary>A short row of operations on a prepared image, in which the power is cut everywhere.</summary>
/// <param name="Lead">Runs in the same boot before the operations; nothing is cut in it.</param>
public sealed record Workload(string Name, Action<JournalRun> Prepare, Action<JournalRun> Operations, Action<JournalRun>? Lead = null)
{
    const int Slots = Lane.SlotsPerSegment;

    /// <summary>All of them: each crosses another border of the journal.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("first boot", _ => { }, run =>
        {
            run.Press();
            run.Event();
            run.Repeat();
            run.Reset();
        }),
        new("append and acknowledge", run => Many(5, run.Event), run =>
        {
            run.Press();
            run.Event();
            run.ReceiptAll(LaneId.Call);
            run.ReceiptAll(LaneId.Event);
            run.Tidy();
            run.Repeat();
            run.Reset();
            run.Press();
            run.Mark();
        }),
        new("rotate a segment", run =>
        {
            Many(Slots - 1, run.Event);
            Many(Slots - 1, run.Press);
        }, run =>
        {
            Many(3, run.Event);
            Many(3, run.Press);
        }),
        new("evict events", run => Many(SignalJournal.EventSegments * Slots, run.Event), run =>
        {
            run.Press();
            Many(3, run.Event);
            run.ReceiptAll(LaneId.Event);
            run.Tidy();
            run.Event();
        }),
        new("delete receipted calls, the latched one among them", run =>
        {
            run.Press();
            Many((SignalJournal.CallSegments * Slots) - 1, () =>
            {
                run.Silent();
                run.ReceiptAll(LaneId.Call);
                run.TidySoon();
            });
        }, run =>
        {
            Many(2, run.Silent);
            run.ReceiptAll(LaneId.Call);
            run.TidySoon();
            run.Tidy();
            run.Reset();
            run.Press();
        }),
        new("receipt of a segment that holds a latch younger than the saved state", _ => { }, run =>
        {
            run.Receipt(LaneId.Call, Slots);
            run.TidySoon();
            run.TidySoon();
            run.Event();
            run.Silent();
        }, run =>
        {
            Many(60, run.Silent);
            run.ReceiptAll(LaneId.Call);
            run.Tidy();
            run.Press();
            Many(((SignalJournal.CallSegments - 1) * Slots) - 80, run.Silent);
        }),
        new("full call lane", run => Many(SignalJournal.CallSegments * Slots, run.Press), run =>
        {
            run.Press();
            run.Repeat();
            run.Receipt(LaneId.Call, Slots);
            run.Press();
            run.Tidy();
            run.Press();
        }),
    ];

    static void Many(int times, Action action)
    {
        for (var i = 0; i < times; i++) action();
    }
}
