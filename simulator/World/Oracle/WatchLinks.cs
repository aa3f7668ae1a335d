using Gateway.Firmware.Ports;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>Connections: a board tries again in time, its hub has one of it at most, a broken one is seen at once, and who has no key is refused.</content>
public sealed partial class Watcher
{
    /// <summary>From a connection that held to the first try after it: 1 s, and what a stall takes.</summary>
    private const long FirstTryUs = 6 * VirtualTime.Second;

    /// <summary>A connection that ends sooner than this may have come and gone while the core stood still.</summary>
    private const long HeldUs = 4 * VirtualTime.Second;

    /// <summary>Between two tries: 30 s, with a call waiting 5 s; and what a stall takes.</summary>
    private const long NextTryUs = 34 * VirtualTime.Second;
    private const long NextTryWithCallUs = 9 * VirtualTime.Second;

    /// <summary>A will is told with the next commit; on a disk that keeps time, that is soon.</summary>
    private const long WillToldUs = 2 * VirtualTime.Second;

    /// <summary>Forgeries in a board's name that are known; older ones have come long ago, or never will.</summary>
    private const int ForgeriesMax = 32;

    /// <summary>With a way that is open all the time, so long at most until the hub hears a board: a ping unanswered, the longest wait between tries, the slowest line.</summary>
    private const long BackUs = 2 * VirtualTime.Minute;
    private const long BackMeteredUs = 5 * VirtualTime.Minute;

    /// <summary>The same while a call waits: 15 s of silence end a connection ([GW-15]), and tries are 5 s apart.</summary>
    private const long BackWithCallUs = 70 * VirtualTime.Second;

    /// <summary>What a dead address costs: 20 s until TCP gives it up, and another wait.</summary>
    private const long OtherAddressUs = 50 * VirtualTime.Second;
    private const long OtherAddressWithCallUs = 25 * VirtualTime.Second;

    /// <summary>What was on its way in the hub is done.</summary>
    private const long SettledUs = 5 * VirtualTime.Second;

    /// <summary>A goodbye may come late on a bad line.</summary>
    private const long GoodbyeToldUs = 2 * VirtualTime.Minute;

    /// <summary>Well below the shortest window of supervision, 18 s ([GW-32]).</summary>
    private const long HeardLatelyUs = 12 * VirtualTime.Second;

    /// <summary>The same on a metered link, whose window is 80 s and whose heart beats every 30 s.</summary>
    private const long HeardLatelyMeteredUs = 50 * VirtualTime.Second;

    /// <summary>The endpoint looks every half second.</summary>
    private const long ToEndUs = 2 * VirtualTime.Second;

    internal void LinkDown(SimulatedBoard board, bool wasUp)
    {
        Of(board).DownUs = world.Queue.NowUs;
        Of(board).TriesInVain = wasUp ? 0 : Of(board).TriesInVain;
        Of(board).WasUp = wasUp && world.Queue.NowUs - board.LinkChangedUs > HeldUs;
    }

    internal void Connects(SimulatedBoard board)
    {
        CheckPause(board, Of(board));
        Of(board).DownUs = long.MaxValue;
        Of(board).IsBorn = false;
        CheckTrialBoots(board, Of(board));
    }

    /// <summary>[GW-3]: whenever a try came to nothing, or a connection has ended, the other address is tried.</summary>
    internal void ConnectsTo(SimulatedBoard board, string host, int port)
    {
        var ledger = Of(board);
        var ways = board.WaysInForce;
        var (incarnation, tried, known) = ledger.Tried;
        ledger.Tried = (board.Incarnation, (host, port), ways);
        Check("GW-3 address");
        if (!ways.Contains((host, port)))
        {
            Fail("GW-3", board, $"it looks for the hub at {host}:{port}, and its settings say {string.Join(", ", ways)}");
        }
        else if (incarnation == board.Incarnation && ways.Count > 1 && known.SequenceEqual(ways) && tried == (host, port))
        {
            Fail("GW-3", board, $"it tries {host}:{port} again, and has another address that it has not tried since");
        }
    }

    /// <summary>I11: a board comes back without a human, and as soon as it may.</summary>
    private void CheckTries(SimulatedBoard board, BoardLedger ledger, Gateway.Firmware.AppStatus status)
    {
        var callWaits = status.CallBacklog > 0 || status.VolatileBacklog > 0;
        ledger.CallWaitsUs = callWaits ? Math.Min(ledger.CallWaitsUs, world.Queue.NowUs) : long.MaxValue;
        ledger.CallWaitedUs = callWaits ? world.Queue.NowUs : ledger.CallWaitedUs;
        if (ledger.DownUs == long.MaxValue || board.LinkState != LinkState.Down)
        {
            return;
        }

        Check("I11 tries");
        var sinceUs = Math.Max(ledger.DownUs, board.StartedUs);
        var waitedUs = world.Queue.NowUs - sinceUs;
        if (waitedUs > (ledger.WasUp ? FirstTryUs : NextTryUs) || (callWaits && world.Queue.NowUs - Math.Max(sinceUs, ledger.CallWaitsUs) > NextTryWithCallUs))
        {
            Fail("I11", board, $"its link is down for {waitedUs / VirtualTime.Second} s{(callWaits ? " with a call waiting" : "")}, and it has not tried again");
        }
    }

    /// <summary>The hub took a connection: every other one of the same board is over [MQTT-3.1.4-2].</summary>
    internal void HasConnections(SimulatedBoard board, int count)
    {
        Check("I11 one connection");
        if (count > 1)
        {
            Fail("I11", board, $"it has {count} connections at the hub at once");
        }
    }

    /// <summary>A connection ended at the hub without a goodbye: its will says so [MQTT-3.1.2-8].</summary>
    internal void Broke(SimulatedBoard board, bool clean)
    {
        var ledger = Of(board);
        ledger.EndedUs = world.Queue.NowUs;

        // While the hub has heard an old birth only, that comes again behind its time, it does not know whose will this is.
        if (!clean && ledger.NewestAnswered == ledger.NewestSession)
        {
            ledger.BrokenUs = world.Queue.NowUs;
        }
    }

    /// <summary>I11: nothing is in the way, so the hub hears the board, whatever became of the connection before.</summary>
    private void CheckBack(SimulatedBoard board, long steadyUs)
    {
        var ledger = Of(board);
        var path = board.Path;
        if (board.App is null || !board.SeeksHub || !board.HasWay || path is not { State: Network.PathState.Open, LossOneIn: 0, SlownessFactor: 1 })
        {
            ledger.OpenWaySinceUs = world.Queue.NowUs;
            return;
        }

        var sinceUs = Math.Max(Math.Max(Math.Max(ledger.OpenWaySinceUs, board.Addresses.ChangedUs), board.StartedUs), Math.Max(steadyUs, board.StalledUs));
        var silentUs = world.Queue.NowUs - Math.Max(sinceUs, ledger.HeardUs);
        var callUs = world.Queue.NowUs - Math.Max(Math.Max(sinceUs, ledger.HeardUs), ledger.CallWaitsUs);
        // A dead address may be tried first, and after what was being tried.
        var (byOtherUs, byOtherWithCallUs) = board.Addresses.AllReached ? (0, 0) : (OtherAddressUs, OtherAddressWithCallUs);
        var isCall = callUs > BackWithCallUs + byOtherWithCallUs;
        Check("I11 comes back");
        if (silentUs > (board.IsMetered ? BackMeteredUs : BackUs) + byOtherUs || isCall)
        {
            Fail("I11", board, $"nothing is in its way for {(world.Queue.NowUs - sinceUs) / VirtualTime.Second} s{(isCall ? ", a call waits," : "")} and the hub has heard nothing of it");
        }
    }

    internal void Returned(SimulatedBoard board) => Of(board).BrokenUs = long.MaxValue;

    private void CheckWill(SimulatedBoard board, Gateway.Hub.Fleet.LinkState link, long steadyUs)
    {
        var brokenUs = Of(board).BrokenUs;
        if (brokenUs == long.MaxValue || brokenUs < steadyUs || world.Queue.NowUs - brokenUs < WillToldUs)
        {
            return;
        }

        Check("I11 will");
        if (link == Gateway.Hub.Fleet.LinkState.Up)
        {
            Fail("I11", board, "its connection broke, and the hub shows its link as up although its will says otherwise");
        }
    }

    /// <summary>[GW-27]: who says goodbye is not shown as present.</summary>
    private void CheckGoodbye(SimulatedBoard board, Gateway.Hub.Fleet.LinkState link, long steadyUs)
    {
        var saidUs = Of(board).GoodbyeHeardUs;
        if (saidUs == long.MaxValue || saidUs < steadyUs || world.Queue.NowUs - saidUs < SettledUs)
        {
            return;
        }

        Check("GW-27 goodbye");
        Of(board).GoodbyeHeardUs = long.MaxValue;
        if (link == Gateway.Hub.Fleet.LinkState.Up)
        {
            Fail("GW-27", board, $"it said goodbye {(world.Queue.NowUs - saidUs) / VirtualTime.Second} s ago, and its link is shown as up");
        }
    }

    /// <summary>What a line has held back for the whole window beats in time again when it is already shown as lost.</summary>
    private void HeartBeat(SimulatedBoard board, BoardLedger ledger)
    {
        var now = world.Queue.NowUs;
        ledger.SilenceEndedUs = now - ledger.PresentUs > (board.IsMetered ? HeardLatelyMeteredUs : HeardLatelyUs) ? now : ledger.SilenceEndedUs;
        ledger.PresentUs = now;
    }

    /// <summary>
    /// I11: no link is shown as lost while its board is heard: it takes the silence of the window, the end of the newest connection, or the board's own goodbye.
    /// An old will proves nothing ([GW-28]).
    /// </summary>
    private void CheckFalseLoss(SimulatedBoard board, Gateway.Hub.Fleet.LinkState link, long steadyUs)
    {
        var ledger = Of(board);
        var now = world.Queue.NowUs;
        var isLost = ledger.WasShownUp && link == Gateway.Hub.Fleet.LinkState.Lost;
        ledger.WasShownUp = link == Gateway.Hub.Fleet.LinkState.Up;
        if (!isLost || now - steadyUs < SettledUs || now - Math.Max(ledger.EndedUs, ledger.SilenceEndedUs) < SettledUs || now - ledger.GoodbyeUs < GoodbyeToldUs)
        {
            return;
        }

        Check("I11 lost");
        if (now - ledger.PresentUs < (board.IsMetered ? HeardLatelyMeteredUs : HeardLatelyUs))
        {
            Fail("I11", board, $"its link is shown as lost, and its heart beat {(now - ledger.PresentUs) / VirtualTime.Ms} ms ago in a connection that holds");
        }
    }

    /// <summary>[GW-32]: a lost link is back with a birth or a heartbeat of the session, and with nothing else: what came late, or again, proves nobody's presence.</summary>
    private void CheckRestoredLink(SimulatedBoard board, Gateway.Hub.Fleet.LinkState link)
    {
        var ledger = Of(board);
        if (link != Gateway.Hub.Fleet.LinkState.Up)
        {
            ledger.ShownLostUs = world.Queue.NowUs;
            return;
        }

        if (ledger.ShownLostUs == long.MinValue / 2)
        {
            return;
        }

        Check("I11 back");
        if (Math.Max(ledger.PresentUs, ledger.BornUs) < ledger.ShownLostUs - SettledUs)
        {
            Fail("I11", board, $"its link is shown as up again, and since {VirtualTime.Text(Math.Max(ledger.PresentUs, ledger.BornUs))} neither its heart has beaten nor has it given birth");
        }

        ledger.ShownLostUs = long.MinValue / 2;
    }

    /// <summary>[MQTT-3.1.2-24]: who says nothing for one and a half keep-alives has no connection any more.</summary>
    internal void CheckKeepAlive(SimulatedBoard board, long silentUs, int keepAliveS)
    {
        Check("I11 keep-alive");
        if (silentUs > (keepAliveS * VirtualTime.Second * 3 / 2) + ToEndUs)
        {
            Fail("I11", board, $"its connection is silent for {silentUs / VirtualTime.Second} s at a keep-alive of {keepAliveS} s, and the hub keeps it");
        }
    }

    /// <summary>Somebody without the board's key has put a message into its connection: it must be refused, by whichever name, as often as it comes.</summary>
    internal void Forged(SimulatedBoard board, byte[] payload)
    {
        var forgeries = Of(board).Forgeries;
        forgeries.Enqueue(payload);
        if (forgeries.Count > ForgeriesMax)
        {
            forgeries.Dequeue();
        }
    }

    private bool IsForgery(SimulatedBoard? board, ApplicationMessage message)
    {
        foreach (var forged in board is null ? [] : Of(board).Forgeries)
        {
            if (message.Payload.Span.SequenceEqual(forged))
            {
                return true;
            }
        }

        return false;
    }
}
