using Gateway.Mqtt.Packets;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Tests;

/// <summary>The simulated connection loses what TCP loses, and keeps what TCP keeps.</summary>
public sealed class WireTests
{
    private readonly EventQueue queue = new();
    private readonly NetworkPath path;
    private readonly End board = new();
    private readonly End hub = new();
    private readonly Wire wire;

    public WireTests()
    {
        path = new NetworkPath(queue, new Dice(3, "path"));
        wire = new Wire(queue, path, board, hub);
    }

    [Fact]
    public void Packets_arrive_in_order_however_long_each_takes()
    {
        path.LossOneIn = 3;
        for (ushort id = 1; id <= 100; id++)
        {
            wire.SendUp(Packet.PubAck(id), 0);
        }

        Run(VirtualTime.Hour);

        Assert.Equal(Enumerable.Range(1, 100), hub.Ids);
    }

    [Fact]
    public void A_silent_path_holds_what_was_sent_until_it_heals()
    {
        path.Become(PathState.Silent);
        wire.SendUp(Packet.PubAck(1), 0);
        wire.SendDown(Packet.PubAck(2), 0);
        Run(VirtualTime.Minute);
        Assert.Empty(hub.Ids);

        path.Become(PathState.Open);
        Run(VirtualTime.Minute);

        Assert.Equal([1], hub.Ids);
        Assert.Equal([2], board.Ids);
    }

    [Fact]
    public void A_connection_that_a_router_forgot_carries_nothing_and_nobody_is_told()
    {
        wire.Forget();
        wire.SendUp(Packet.PubAck(1), 0);
        wire.SendDown(Packet.PubAck(2), 0);
        wire.CloseFromBoard();
        Run(VirtualTime.Hour);

        Assert.Empty(hub.Ids);
        Assert.Empty(board.Ids);
        Assert.False(hub.IsClosed || board.IsClosed);
    }

    [Fact]
    public void A_path_that_is_silent_upwards_still_carries_downwards()
    {
        path.Become(PathState.SilentUp);
        wire.SendUp(Packet.PubAck(1), 0);
        wire.SendDown(Packet.PubAck(2), 0);
        Run(VirtualTime.Minute);

        Assert.Empty(hub.Ids);
        Assert.Equal([2], board.Ids);
    }

    [Fact]
    public void A_close_comes_after_the_data_before_it()
    {
        wire.SendUp(Packet.PubAck(1), 0);
        wire.CloseFromBoard();
        Run(VirtualTime.Minute);

        Assert.Equal([1], hub.Ids);
        Assert.True(hub.IsClosed);
    }

    [Fact]
    public void A_board_without_power_tells_nobody()
    {
        wire.BoardDies();
        wire.SendDown(Packet.PubAck(1), 0);
        Run(VirtualTime.Hour);

        Assert.False(hub.IsClosed);
        Assert.Empty(board.Ids);
    }

    [Fact]
    public void The_kernel_closes_for_a_process_that_died()
    {
        wire.CloseFromHub();
        Run(VirtualTime.Minute);

        Assert.True(board.IsClosed);
        wire.CloseFromBoard();
        Assert.Empty(path.Wires);
    }

    private void Run(long us)
    {
        var until = queue.NowUs + us;
        while (queue.Step(until))
        {
        }
    }

    private sealed class End : IWireEnd
    {
        public List<int> Ids { get; } = [];

        public bool IsClosed { get; private set; }

        public void Arrive(Wire wire, in Packet packet) => Ids.Add(packet.Id);

        public void Closed(Wire wire) => IsClosed = true;
    }
}
