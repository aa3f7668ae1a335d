using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>When a link is shown as up and when as lost [GW-28], [GW-32] (I11).</summary>
public sealed class LinkSupervisionTests : IDisposable
{
    private readonly CoreHarness _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void A_link_is_lost_after_18_s_of_silence_and_comes_back_with_a_heartbeat_GW32_I11()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Advance(17.9);
        Assert.Equal(LinkState.Up, _hub.Gateway.Link);
        _hub.Advance(0.25);
        Assert.Equal(LinkState.Lost, _hub.Gateway.Link);

        _hub.Receive("heartbeat", _hub.Board.Heartbeat());
        Assert.Equal(LinkState.Up, _hub.Gateway.Link);
    }

    [Fact]
    public void A_metered_link_is_lost_after_80_s_GW32()
    {
        _hub.Receive("status", _hub.Board.Birth(heartbeatS: 30));
        _hub.Advance(79.9);
        Assert.Equal(LinkState.Up, _hub.Gateway.Link);
        _hub.Advance(0.25);
        Assert.Equal(LinkState.Lost, _hub.Gateway.Link);
    }

    [Fact]
    public void A_replayed_signal_does_not_keep_a_link_alive()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var signal = _hub.Board.Signal(1);
        _hub.Receive("signal", signal);
        _hub.Advance(17);
        _hub.Receive("signal", signal);
        _hub.Advance(1.1);

        Assert.Equal(LinkState.Lost, _hub.Gateway.Link);
    }

    [Fact]
    public void A_jump_of_the_wall_clock_loses_no_link()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Now = _hub.Now.AddHours(5);
        _hub.Tick();

        Assert.Equal(LinkState.Up, _hub.Gateway.Link);
    }

    [Fact]
    public void A_known_gateway_that_does_not_come_back_after_a_restart_is_lost_I11()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Restart();
        Assert.Equal(LinkState.Awaited, _hub.Gateway.Link);
        _hub.Advance(18);

        Assert.Equal(LinkState.Lost, _hub.Gateway.Link);
    }

    [Fact]
    public void The_will_of_the_newest_birth_marks_offline_and_an_old_will_does_not_GW28()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("status", _hub.Board.Offline("0000000000000001"));
        Assert.Equal(LinkState.Up, _hub.Gateway.Link);
        Assert.Equal(1, _hub.Refusals(MessageRefusals.StaleSession));

        _hub.Receive("status", _hub.Board.Offline());
        Assert.Equal(LinkState.Lost, _hub.Gateway.Link);
    }
}
