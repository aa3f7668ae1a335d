using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.NanoFramework.Board;
using Gateway.VirtualBoard;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>
/// The firmware's own adapters under the worst costs of the cost model, in real time: a press of 30 ms in the middle of a stall. The exhaustive proof on a virtual
/// clock is tests/Firmware/StallTests.cs.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class RealTimeStallTests : IDisposable
{
    const int StretchMs = 3_880;
    const int FloodEdges = 3 * GpioEventQueue.EdgesMax;

    readonly string folder = Directory.CreateTempSubdirectory("gateway-stall-").FullName;
    RealTimeBoard board = null!;
    bool stretches;

    public void Dispose()
    {
        board.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_press_inside_a_stall_longer_than_the_stretcher_is_kept_by_the_edge_queue_I1()
    {
        Start(stretchMs: 0);
        board.Stall(1_500);
        PressInside(flood: false);

        Deadline.Until(() => board.Status is { Latched: true }, "the call after the stall");
    }

    [Fact]
    public void A_press_whose_edge_was_dropped_is_kept_by_the_stretcher_I1()
    {
        Start(StretchMs);
        board.Stall(1_500);
        PressInside(flood: true);

        Deadline.Until(() => board.Status is { Latched: true }, "the call after the stall");
        Assert.True(board.DroppedEdges > 0, "no edge was dropped: the stretcher was not needed");
    }

    [Fact]
    public void Without_stretcher_and_edge_the_press_is_lost_so_the_tests_above_can_fail()
    {
        Start(stretchMs: 0);
        board.Stall(1_500);
        PressInside(flood: true);

        // The silent input is sampled after the help input in the same step: once its call is there, the help press was looked for.
        board.Press(InputId.Silent, 3_000);
        Deadline.Until(() => board.Status is { CallBacklog: > 0 }, "the silent call");
        Assert.False(board.Status!.Latched);
    }

    void Start(int stretchMs)
    {
        stretches = stretchMs > 0;
        File.WriteAllText(Path.Combine(folder, SettingsStore.FileName), Provisioning.Json(1));
        board = new RealTimeBoard(new RealTimeBoardOptions("stalled", folder) { Costs = BoardCosts.Worst, StretchMs = stretchMs });
        board.PowerOn();
        Deadline.Until(() => board.Status is { EventBacklog: > 0 }, "the boot, with its restart in the journal");
    }

    /// <summary>A finger for 30 ms, up again before the stall is over; then, perhaps, a contact that bounces until the queue of edges has forgotten the press.</summary>
    void PressInside(bool flood)
    {
        board.Press(InputId.Help, 30);
        if (!flood) return;
        if (!stretches) Deadline.Until(() => !board.IsAsserted(InputId.Help), "the release");
        for (var i = 0; i < FloodEdges; i++) board.SetInput(InputId.Contact1, i % 2 == 0);
    }
}
