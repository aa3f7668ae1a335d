using System.Text.Json;
using Gateway.Hub.Incidents;
using Gateway.Hub.Statistics;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Webhooks;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>Two stations in one hub: each call, clock, shift, warning and count is of one of them.</summary>
public sealed class SeveralStationsTests : IDisposable
{
    private const string North = "urad-north";
    private const string South = "urad-south";

    private readonly CoreHarness _hub = new(station: Seeds.Urad, webhooks:
    [
        Target("banner", []), Target("south-only", [South]), Target("region", ["bayannur"]),
    ]);

    private readonly Dictionary<string, TestBoard> _boards;
    private readonly Dictionary<string, uint> _seq = [];

    public SeveralStationsTests()
    {
        _boards = _hub.ProvisionAll(["urad-n-01", "urad-n-02", "urad-yurt", "urad-s-01", "urad-s-02"]).ToDictionary(board => board.Device);
        foreach (var board in _boards.Values)
        {
            _hub.Receive("status", board.Birth(), board);
        }
    }

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void A_call_is_its_call_points_stations_and_runs_by_that_stations_clocks_also_after_a_restart_I9()
    {
        Press("urad-n-01");
        Press("urad-s-01");
        Assert.Equal([North, South], _hub.Snapshot.OpenIncidents.Values.OrderBy(incident => incident.Id).Select(incident => incident.StationId));

        _hub.Restart();
        _hub.Advance(21);
        var (north, south) = (Of(North), Of(South));
        Assert.Equal(EscalationLevel.None, north.EscalatedTo);
        Assert.Equal(EscalationLevel.ShiftLeader, south.EscalatedTo);
        _hub.Advance(10);
        Assert.Equal(EscalationLevel.ShiftLeader, Of(North).EscalatedTo);
    }

    [Fact]
    public void A_room_that_moved_over_the_border_takes_its_next_call_along_and_leaves_its_history()
    {
        Press("urad-yurt");
        var before = Of(North);
        Assert.True(Outcome(core => core.MoveCallPoint("n-yurt", "s-well", "desk", Time)).Done);
        _hub.Restart();
        Press("urad-yurt", call: true);
        Assert.Equal(2, _hub.Snapshot.OpenIncidents.Count);
        Assert.Equal(North, _hub.Snapshot.OpenIncidents[before.Id].StationId);
        Assert.Equal("s-well", Of(South).VillageId);
        Assert.Equal(1, Scalar("SELECT count(*) FROM incidents WHERE station = ''"));
        Assert.Equal(1, Scalar("SELECT count(*) FROM incidents WHERE station = 'urad-south'"));

        // The press that the old call named goes on with it: nothing is doubled, nothing is lost (I2).
        _hub.Receive("signal", _boards["urad-yurt"].Signal(++_seq["urad-yurt"], call: 1, count: 2), _boards["urad-yurt"]);
        Assert.Equal(2, _hub.Snapshot.OpenIncidents[before.Id].SignalCount);
    }

    [Fact]
    public void An_outage_is_one_incident_for_each_station_and_none_is_drawn_into_the_others_I12()
    {
        foreach (var board in _boards.Values)
        {
            _hub.Receive("signal", board.Signal(1, "mains", 0, "alarm", lane: "event"), board);
        }

        var outages = _hub.Snapshot.OpenIncidents.Values.Where(incident => incident.Kind == IncidentKind.Mains).OrderBy(incident => incident.StationId).ToList();
        Assert.Equal([North, South], outages.Select(incident => incident.StationId));
        Assert.Equal([3, 2], outages.Select(incident => incident.CallPoints.Count));
    }

    [Fact]
    public void A_call_is_not_merged_into_one_of_another_station_and_its_number_is_as_good_as_none()
    {
        Press("urad-n-01");
        Press("urad-s-01");
        var refusal = _hub.Execute(Of(North).Id, new IncidentCommand.MergeInto(Of(South).Id)).Refusal!;
        var unknown = _hub.Execute(Of(North).Id, new IncidentCommand.MergeInto(4_711)).Refusal!;
        Assert.Equal(RefusalNames.BadMerge, refusal.Name);
        Assert.Equal(unknown.Text.Replace("4711", "N", StringComparison.Ordinal), refusal.Text.Replace($"{Of(South).Id}", "N", StringComparison.Ordinal));
    }

    [Fact]
    public void An_ear_in_the_north_does_not_hear_the_south()
    {
        _hub.AudibleIn[South] = 0;
        _hub.Tick();
        _hub.Advance(11);
        Press("urad-n-01");
        Press("urad-s-01");
        _hub.Tick();
        Assert.Equal(EscalationLevel.None, Of(North).EscalatedTo);
        Assert.True(Assert.Single(Of(South).Escalations).Unheard);
    }

    [Fact]
    public void Shifts_of_the_same_name_run_in_each_station_and_a_key_checks_in_at_its_own()
    {
        _hub.Tick();
        var shifts = _hub.Snapshot.OpenWork.Values.OfType<PatrolShift>().OrderBy(shift => shift.StationId).ToList();
        Assert.Equal([North, South], shifts.Select(shift => shift.StationId));
        Assert.Single(shifts.Select(shift => shift.ShiftId).Distinct());
        _hub.Receive("signal", _boards["urad-s-01"].Signal(1, "patrol", 0, "normal", lane: "event"), _boards["urad-s-01"]);
        var after = _hub.Snapshot.OpenWork.Values.OfType<PatrolShift>().ToList();

        // All of the south was reached, so its shift needs no explanation; the north's stands as it was.
        Assert.Equal(0, after.Single(shift => shift.StationId == North).Coverage().Covered);
        Assert.Equal(1, after.Single(shift => shift.StationId == South).Coverage().Covered);
        _hub.Restart();
        _hub.Tick();
        Assert.Equal(2, _hub.Snapshot.OpenWork.Values.OfType<PatrolShift>().Count());
    }

    [Fact]
    public void Each_station_warns_by_its_own_table_reviews_its_own_day_and_counts_its_own_month()
    {
        Press("urad-n-01");
        Press("urad-s-01");
        _hub.Tick();
        Assert.Equal(South, Assert.Single(_hub.Snapshot.OpenWork.Values.OfType<Warning>()).StationId);
        Press("urad-s-02");
        _hub.Advance(24 * 3_600);
        var reviews = _hub.Snapshot.OpenWork.Values.OfType<DailyReview>().OrderBy(review => review.StationId).ToList();
        Assert.Equal([(North, 1), (South, 2)], reviews.Select(review => (review.StationId, review.Incidents)));

        var month = FactCounts.MonthOf(TestTime.Start, TimeSpan.FromHours(8));
        Assert.Equal(1, Opened([""]));
        Assert.Equal(2, Opened([South]));
        Assert.Equal(3, Opened(null));
        Assert.Equal(2, new WorkQueries(_hub.Database).Facts(TestTime.Start.AddDays(-1), TestTime.Start.AddDays(1), 100, [South]).Count);

        long Opened(IReadOnlyList<string>? stations) =>
            new WorkQueries(_hub.Database).Counts([month], FactCounts.Opened, stations).Where(entry => entry.Key.Key == nameof(IncidentKind.Help)).Sum(entry => entry.N);
    }

    [Fact]
    public void A_hand_over_is_of_one_station_must_say_of_which_and_lists_only_its_own()
    {
        Press("urad-n-01");
        Press("urad-s-01");
        CommandOutcome HandOver(string? station) => Outcome(core => core.Execute(0, new ShiftCommand.HandOver("all quiet"), "desk", null, Time, station));
        Assert.Equal(WorkRefusals.StationNeeded, HandOver(null).Refusal!.Name);
        Assert.Equal(WorkRefusals.UnknownStation, HandOver("elsewhere").Refusal!.Name);
        Assert.True(HandOver(South).Done);
        Assert.True(HandOver(North).Done);
        Assert.Equal(WorkRefusals.HandoverOpen, HandOver(South).Refusal!.Name);
        var south = _hub.Snapshot.OpenWork.Values.OfType<Handover>().Single(handover => handover.StationId == South);
        Assert.Equal([Of(South).Id], south.Incidents);
        Assert.DoesNotContain(_hub.Snapshot.OpenWork.Values.Where(item => item.StationId == North).Select(item => item.Id), south.Work.Contains);
    }

    [Fact]
    public void Levels_above_are_told_of_the_stations_that_they_ask_for()
    {
        Press("urad-n-01");
        Press("urad-s-01");
        var south = Of(South).Id;
        Assert.Equal(2, _hub.Outgoing("banner").Count);
        Assert.Equal(2, _hub.Outgoing("region").Count);
        Assert.Equal([south], _hub.Outgoing("south-only").Select(message => message.IncidentId));
        Assert.Equal(South, JsonDocument.Parse(_hub.Outgoing("south-only")[0].Body).RootElement.GetProperty("stationId").GetString());
    }

    [Fact]
    public void What_was_stored_before_a_hub_had_several_stations_is_the_first_ones()
    {
        using var old = new CoreHarness();
        old.Receive("status", old.Board.Birth());
        old.Receive("signal", old.Board.Signal(1));
        using (var connection = old.Database.Connect())
        {
            // As the program before wrote it: no station in the state, nothing in the column.
            connection.Execute("UPDATE incidents SET json = json_remove(json, '$.stationId'), station = ''");
            connection.Execute("UPDATE incident_events SET json = json_remove(json, '$.stationId')");
        }

        old.Restart();
        Assert.Equal("sumitu", Assert.Single(old.Snapshot.OpenIncidents.Values).StationId);
        old.Advance(31);
        Assert.Equal(EscalationLevel.ShiftLeader, Assert.Single(old.Snapshot.OpenIncidents.Values).EscalatedTo);
    }

    [Fact]
    public void What_a_station_left_that_is_no_longer_in_the_hub_is_the_first_ones_to_end()
    {
        Press("urad-s-01");
        var south = Of(South);
        var without = new HubSnapshot(
            _hub.Now, 1, "", "", Seeds.Urad.Stations[0], _hub.Snapshot.OpenIncidents, _hub.Snapshot.Gateways);
        Assert.Contains(south.Id, without.Only(new HashSet<string> { North }).OpenIncidents.Keys);
        Assert.DoesNotContain(south.Id, _hub.Snapshot.Only(new HashSet<string> { North }).OpenIncidents.Keys);
        Assert.Same(_hub.Snapshot.Only(new HashSet<string> { North }), _hub.Snapshot.Only(new HashSet<string> { North }));
    }

    private static WebhookTarget Target(string name, string[] units) =>
        new(name, new Uri("https://levels.example"), new byte[WebhookTarget.SecretBytesMin], [WebhookEvents.Opened]) { Units = [.. units] };

    private Gateway.Hub.Ingest.HubTime Time => new(_hub.Now, _hub.MonotonicMs);

    private Incident Of(string station) => _hub.Snapshot.OpenIncidents.Values.Single(incident => incident.StationId == station && incident.Kind == IncidentKind.Help);

    private void Press(string device, bool call = true)
    {
        var seq = _seq[device] = _seq.GetValueOrDefault(device) + 1;
        _hub.Receive("signal", _boards[device].Signal(seq, call: call ? seq : 0), _boards[device]);
    }

    private CommandOutcome Outcome(Func<Gateway.Hub.Ingest.HubCore, CommandOutcome> ask)
    {
        CommandOutcome? outcome = null;
        _hub.Batch(core => outcome = ask(core));
        return outcome!;
    }

    private long Scalar(string sql)
    {
        using var connection = _hub.Database.Connect();
        return connection.Scalar(sql);
    }
}
