using System.Diagnostics;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>I12: a grid outage at 500 rooms, over the real rules, desk and store, in simulated time. An annunciation is a new incident: that is what rings.</summary>
public sealed class StormTests(ITestOutputHelper output)
{
    private const int Rooms = 500;
    private const int AnnunciationsMax = 3;

    [Fact]
    public void A_grid_outage_at_500_rooms_makes_three_annunciations_and_a_press_inside_is_on_top_within_a_second_I12()
    {
        using var hub = new CoreHarness(station: Town());
        var boards = hub.ProvisionAll(Enumerable.Range(0, Rooms).Select(DeviceOf));
        hub.ReceiveAll(boards.Select(board => (board.Topic("status"), board.Birth())));
        Assert.All(boards, board => Assert.Equal(LinkState.Up, hub.Snapshot.Gateways[board.Device].Link));

        // The grid fails: every room says so, and soon after that its battery is low.
        hub.ReceiveAll(boards.Select(board => (board.Topic("signal"), board.Signal(1, "mains", 0, "alarm", lane: "event"))));
        hub.ReceiveAll(boards.Select(board => (board.Topic("signal"), board.Signal(2, "battery", 0, "low", lane: "event", value: 11_200))));
        Assert.Equal(2, hub.Snapshot.OpenIncidents.Count);

        // A press in the middle of it, with nothing taken by anybody.
        var pressedAt = hub.Now;
        var watch = Stopwatch.StartNew();
        var presser = boards[Rooms / 2];
        Assert.Null(hub.Receive("signal", presser.Signal(1), presser));
        var top = Urgency.Order(hub.Snapshot.OpenIncidents.Values)[0];
        Assert.Equal((IncidentKind.Help, "p-" + presser.Device), (top.Kind, top.CallPointId));
        Assert.True(hub.Now - pressedAt <= TimeSpan.FromSeconds(1));

        // Then the masts go, too. The loss is shown at 18 s (I11) and becomes one incident when it lasts.
        hub.Advance(18);
        Assert.All(boards, board => Assert.Equal(LinkState.Lost, hub.Snapshot.Gateways[board.Device].Link));
        Assert.DoesNotContain(hub.Snapshot.OpenIncidents.Values, incident => incident.Kind == IncidentKind.LinkLost);
        hub.Advance(hub.Snapshot.Station.Targets.LinkLostS);
        hub.Advance(3_600);
        var opened = hub.Snapshot.OpenIncidents.Values.Where(incident => incident.Id != top.Id).ToList();
        output.WriteLine($"{Rooms} rooms: {opened.Count} annunciations ({string.Join(", ", opened.Select(incident => $"{incident.Kind} of {incident.CallPoints.Count} places"))}); "
            + $"the press was decided, stored and on top in {watch.ElapsedMilliseconds} ms of this machine with all that followed");
        Assert.True(opened.Count <= AnnunciationsMax, $"{opened.Count} annunciations");
        Assert.Equal([IncidentKind.Mains, IncidentKind.Battery, IncidentKind.LinkLost], opened.OrderBy(incident => incident.Id).Select(incident => incident.Kind));
        Assert.All(opened, incident => Assert.Equal(Rooms, incident.CallPoints.Count));
        Assert.Equal(top.Id, Urgency.Order(hub.Snapshot.OpenIncidents.Values)[0].Id);

        // And back, without a human: restored when the last room is, and nothing new is opened.
        foreach (var board in boards)
        {
            board.Session = "b1b2c3d4e5f60718";
            board.UpMs += 4_000_000;
        }

        hub.ReceiveAll(boards.Skip(1).Select(board => (board.Topic("status"), board.Birth())));
        Assert.Null(LinkIncident(hub).RestoredAt);
        hub.ReceiveAll([(boards[0].Topic("status"), boards[0].Birth())]);
        Assert.NotNull(LinkIncident(hub).RestoredAt);
        Assert.Equal(4, hub.Snapshot.OpenIncidents.Count);
    }

    [Fact]
    public void A_lost_link_becomes_an_incident_once_also_after_a_restart_and_leaves_it_by_itself_I11()
    {
        using var hub = new CoreHarness();
        hub.Receive("status", hub.Board.Birth());
        hub.Advance(18);
        hub.Advance(hub.Snapshot.Station.Targets.LinkLostS - 1);
        Assert.Empty(hub.Snapshot.OpenIncidents);
        hub.Advance(1);
        Assert.Equal(IncidentKind.LinkLost, Assert.Single(hub.Snapshot.OpenIncidents).Value.Kind);

        hub.Restart();
        hub.Advance(600);
        hub.Advance(600);
        Assert.Equal(1, Assert.Single(hub.Snapshot.OpenIncidents).Value.SignalCount);

        hub.Board.Session = "b1b2c3d4e5f60718";
        hub.Board.UpMs += 4_000_000;
        hub.Receive("status", hub.Board.Birth());
        Assert.NotNull(LinkIncident(hub).RestoredAt);
    }

    /// <summary>The work on a lost journal holds zone 0 of its board for as long as it is open, and so does the incident of a lost link.</summary>
    [Fact]
    public void A_link_that_is_lost_while_somebody_works_on_its_boards_lost_journal_is_told_I11()
    {
        using var hub = new CoreHarness();
        hub.Receive("status", hub.Board.Birth());
        (hub.Board.CallEpoch, hub.Board.EventEpoch, hub.Board.Boot) = ("00000007", "00000008", 1);
        hub.Receive("status", hub.Board.Birth());
        Assert.Equal(IncidentKind.JournalLost, Assert.Single(hub.Snapshot.OpenIncidents).Value.Kind);

        hub.Receive("status", hub.Board.Offline());
        hub.Advance(hub.Snapshot.Station.Targets.LinkLostS);
        hub.Advance(1);
        Assert.Null(LinkIncident(hub).RestoredAt);
    }

    /// <summary>A duplicate keeps its zones: one that its board's return did not reach hid every later loss of that board for as long as it was open.</summary>
    [Fact]
    public void A_link_that_is_lost_again_after_its_incident_was_merged_is_told_again_I11()
    {
        using var hub = new CoreHarness(station: Town());
        var boards = hub.ProvisionAll([DeviceOf(0), DeviceOf(1)]);
        var (first, second) = (boards[0], boards[1]);
        hub.ReceiveAll(boards.Select(board => (board.Topic("status"), board.Birth())));
        Lose(hub, first);
        var duplicate = LinkIncident(hub).Id;
        hub.Advance(hub.Snapshot.Station.Targets.JoinWindowS);
        Lose(hub, second);
        var target = hub.Snapshot.OpenIncidents.Values.Single(incident => incident.Id != duplicate).Id;
        Assert.True(hub.Execute(duplicate, new IncidentCommand.MergeInto(target)).Done);

        Return(hub, first);
        Assert.Empty(hub.Snapshot.OpenIncidents[duplicate].ActiveZones);
        Lose(hub, first);

        Assert.Equal(2, hub.Snapshot.OpenIncidents[target].ActiveZones.Count);
        Return(hub, first);
        Assert.Equal(DeviceOf(1) + "/0", Assert.Single(hub.Snapshot.OpenIncidents[target].ActiveZones));

        static void Lose(CoreHarness hub, TestBoard board)
        {
            hub.Receive("status", board.Offline(), board);
            hub.Advance(hub.Snapshot.Station.Targets.LinkLostS);
            hub.Advance(1);
        }

        static void Return(CoreHarness hub, TestBoard board)
        {
            board.Session = "b1b2c3d4e5f60718";
            board.UpMs += 4_000_000;
            Assert.Null(hub.Receive("status", board.Birth(), board));
        }
    }

    private static Incident LinkIncident(CoreHarness hub) => Assert.Single(hub.Snapshot.OpenIncidents.Values, incident => incident.Kind == IncidentKind.LinkLost);

    private static string DeviceOf(int room) => $"storm-{room:000}";

    private static Station Town() => Seeds.Sumitu with
    {
        CallPoints = [.. Enumerable.Range(0, Rooms).Select(room => Seeds.Sumitu.CallPoints[0] with { Id = "p-" + DeviceOf(room) })],
        Boards = [.. Enumerable.Range(0, Rooms).Select(room => new Board(DeviceOf(room), "p-" + DeviceOf(room), Seeds.Sumitu.Boards[0].Zones))],
        WatchGroups = [], Areas = [], JointResponses = [],
    };
}
