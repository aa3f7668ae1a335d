using System.Text.Json;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Webhooks;
using static Gateway.Hub.Incidents.IncidentCommand;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>What the tests of alerts share: a hub whose board has spoken, a neighbour, a responder who is called by a box.</summary>
internal static class AlertingStory
{
    public const string NeighbourBox = "sumitu-02";
    public const string Caller = "bayanbulag-volunteer-1";

    public static string? Name(JsonElement command) => command.GetProperty("command").GetString();

    public static Incident Only(CoreHarness hub) => Assert.Single(hub.Snapshot.OpenIncidents.Values, incident => incident.Kind != IncidentKind.LinkLost);

    public static TestBoard Born(CoreHarness hub, string device)
    {
        var board = hub.Provision(device);
        hub.Receive("status", board.Birth(heartbeatS: 30), board);
        hub.Sent.Clear();
        return board;
    }

    /// <summary>Lets time pass for a board that goes on speaking.</summary>
    public static void Live(CoreHarness hub, TestBoard board, int seconds)
    {
        for (var passed = 0; passed < seconds; passed += 30)
        {
            hub.Advance(30);
            hub.Receive("heartbeat", board.Heartbeat(), board);
            hub.Receive("heartbeat", hub.Board.Heartbeat());
        }
    }

    public static CoreHarness HubOf(Station station)
    {
        var hub = new CoreHarness(station: station);
        hub.Receive("status", hub.Board.Birth(heartbeatS: 30));
        hub.Sent.Clear();
        return hub;
    }

    /// <summary>A station without neighbours whose own box hangs with the neighbour's board, and whose consoles nobody hears.</summary>
    public static CoreHarness NobodyHears(out TestBoard box)
    {
        var hub = HubOf(Seeds.Sumitu with { WatchGroups = [], Boards = [.. Seeds.Sumitu.Boards.Select(board => board with { Annunciator = board.DeviceId == NeighbourBox })] });
        box = Born(hub, NeighbourBox);
        hub.Audible = 0;
        hub.Tick();
        return hub;
    }

    /// <summary>A call comes in that nobody hears: what the station's box is asked for.</summary>
    public static JsonElement CallThatNobodyHears(CoreHarness hub)
    {
        hub.Advance(10);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Advance(0.25);
        return Assert.Single(hub.TakeSent("command"), command => Name(command) == "annunciate");
    }

    public static Station Watching(bool consent) => Seeds.Sumitu with
    {
        WatchGroups =
        [
            new WatchGroup("neighbours", new LocalText("邻里", "Neighbours"), ["bayanbulag-room", "ulaantolgoi-room"], [Caller], [],
                consent ? [new WatchConsent("bayanbulag-room", "2026-02-01", "village committee")] : []),
        ],
        Responders = [.. Seeds.Sumitu.Responders.Select(responder => responder.Id == Caller ? responder with { BoxDevice = "sumitu-09" } : responder)],
    };

    public static (ReachChannel, ReachState)[] Reaches(CoreHarness hub) => [.. Only(hub).Reaches.Select(reach => (reach.Channel, reach.State))];
}
