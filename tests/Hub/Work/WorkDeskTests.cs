using Gateway.Hub.Incidents;
using Gateway.Hub.Statistics;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Tests.Work;

/// <summary>The work beside incidents on the real store: what calls make of it, what a restart leaves, what counts.</summary>
public sealed class WorkDeskTests : IDisposable
{
    private readonly CoreHarness _hub = new();
    private uint _seq;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void Six_calls_of_one_call_point_in_three_months_make_one_red_warning_with_exactly_these_calls()
    {
        Birth(isVirtual: false);
        for (var call = 0; call < 6; call++)
        {
            Press();
            _hub.Advance(15 * 24 * 3_600);
        }

        var warning = Assert.IsType<Warning>(Assert.Single(_hub.Snapshot.OpenWork.Values, item => item is Warning));
        Assert.Equal(WarningLevel.Red, warning.Level);
        Assert.Equal(_hub.Snapshot.OpenIncidents.Values.Where(incident => incident.Kind == IncidentKind.Help).Select(incident => incident.Id).Order(), warning.Calls.Select(call => call.IncidentId));
        Assert.All(warning.Calls, call => Assert.Equal(IncidentKind.Help, call.Kind));
    }

    [Fact]
    public void Virtual_boards_and_tests_make_no_warning_no_statistics_and_no_review()
    {
        Birth(isVirtual: true);
        for (var call = 0; call < 6; call++)
        {
            Press();
            _hub.Advance(3_600);
        }

        Assert.DoesNotContain(_hub.Snapshot.OpenWork.Values, item => item is Warning or LegalReview);
        Assert.Empty(Counts());
    }

    [Fact]
    public void A_warning_its_deadline_and_its_escalation_outlive_a_restart()
    {
        Birth(isVirtual: false);
        for (var call = 0; call < 4; call++)
        {
            Press();
            _hub.Advance(3_600);
        }

        _hub.Restart();
        _hub.Tick();
        var warning = Assert.Single(_hub.Snapshot.OpenWork.Values.OfType<Warning>());
        Assert.Equal(WarningLevel.Red, warning.Level);
        _hub.Advance(3 * 3_600);
        Assert.Equal(EscalationLevel.ShiftLeader, Assert.Single(_hub.Snapshot.OpenWork.Values.OfType<Warning>()).EscalatedTo);
    }

    [Fact]
    public void The_counts_of_a_month_are_what_a_walk_over_all_incidents_finds_whatever_was_done_with_them()
    {
        Birth(isVirtual: false);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            Press();
            _hub.Advance(random.Next(1, 4_000));
            foreach (var incident in _hub.Snapshot.OpenIncidents.Values.Where(_ => random.Next(2) == 0))
            {
                IncidentCommand[] way =
                [
                    new IncidentCommand.Accept(), new IncidentCommand.Assess(new Assessment("")), new IncidentCommand.Handle("x"),
                    new IncidentCommand.Report("x", random.Next(2) == 0 ? Disposition.FalseAlarm : Disposition.Helped), new IncidentCommand.FollowUp("x"),
                    random.Next(4) == 0 ? new IncidentCommand.Reopen("x") : new IncidentCommand.Close(),
                ];
                foreach (var command in way.Take(random.Next(1, 7)))
                {
                    _hub.Execute(incident.Id, command);
                }
            }
        }

        using var connection = _hub.Database.Connect();
        var walked = connection.Rows($"SELECT {WorkTables.FactColumns} FROM incident_facts", WorkTables.ReadFact)
            .SelectMany(fact => FactCounts.Of(fact, _hub.Snapshot.Station)).GroupBy(key => key).ToDictionary(group => group.Key, group => (long)group.Count());
        var counted = Counts().Where(entry => entry.N != 0 && entry.Key.Figure is not (WorkCounts.WatchedS or WorkCounts.UpS)).ToDictionary(entry => entry.Key, entry => entry.N);
        Assert.True(walked.Count > 10, $"seed {seed}: only {walked.Count} counts");
        var differ = walked.Keys.Union(counted.Keys).Where(key => walked.GetValueOrDefault(key) != counted.GetValueOrDefault(key))
            .Select(key => $"{key}: walked {walked.GetValueOrDefault(key)}, counted {counted.GetValueOrDefault(key)}").ToList();
        Assert.True(differ.Count == 0, $"seed {seed}: {string.Join("; ", differ)}");
    }

    [Fact]
    public void Incidents_from_before_there_were_facts_are_counted_a_few_in_each_tick_as_if_they_had_been_all_along()
    {
        Birth(isVirtual: false);
        for (var call = 0; call < FactCatchUp.PerTickMax + 5; call++)
        {
            Press();
            var id = _hub.Snapshot.OpenIncidents.Keys.Max();
            _hub.Advance(40);
            IncidentCommand[] way = [new IncidentCommand.Accept(new Assessment("")), new IncidentCommand.Dispatch(["officer-1"], 3), new IncidentCommand.Handle("x"), new IncidentCommand.Report("x", Disposition.Helped)];
            foreach (var command in way.Take(call % 5))
            {
                _hub.Advance(7);
                _hub.Execute(id, command);
            }

            _hub.Advance(3_600);
        }

        var (facts, counts) = (Facts(), CountsOfIncidents());
        Assert.True(facts.Count > FactCatchUp.PerTickMax, $"{facts.Count} incidents");
        using (var connection = _hub.Database.Connect())
        {
            connection.Execute($"DELETE FROM incident_facts; DELETE FROM counts WHERE figure NOT IN ('{WorkCounts.WatchedS}', '{WorkCounts.UpS}'); {WorkTables.NoteGap}");
        }

        _hub.Restart();
        _hub.Execute(facts[3].Id, new IncidentCommand.Note("changes while the hub catches up"));
        _hub.Tick();
        Assert.True(new WorkQueries(_hub.Database).Gap() is { Count: > 0 }, "one tick took all: it is not bounded");
        _hub.Restart();
        _hub.Tick();
        Assert.Null(new WorkQueries(_hub.Database).Gap());
        Assert.Equal(facts.Select(fact => fact with { Weighed = true }), Facts());
        Assert.Equal(counts, CountsOfIncidents());
    }

    [Fact]
    public void A_moving_call_point_calls_from_where_it_was_last_said_to_stand_also_after_a_restart()
    {
        var seed = Gateway.Hub.Tests.Stations.Seeds.Sumitu;
        var place = seed.FindBoard("sumitu-01")!.CallPointId;
        using var hub = new CoreHarness(station: seed with { CallPoints = [.. seed.CallPoints.Select(point => point.Id == place ? point with { Mobile = true } : point)] });
        CommandOutcome Move(string point, string village)
        {
            CommandOutcome? outcome = null;
            hub.Batch(core => outcome = core.MoveCallPoint(point, village, "desk", new Gateway.Hub.Ingest.HubTime(hub.Now, hub.MonotonicMs)));
            return outcome!;
        }

        Assert.Equal("not-mobile", Move(seed.CallPoints.First(point => point.Id != place).Id, "saikhan").Refusal?.Name);
        Assert.Equal("unknown-village", Move(place, "nowhere").Refusal?.Name);
        hub.Receive("status", hub.Board.Birth(isVirtual: false));
        hub.Receive("signal", hub.Board.Signal(1));
        var before = Assert.Single(hub.Snapshot.OpenIncidents.Values);
        Assert.True(Move(place, "saikhan").Done);
        hub.Restart();
        Assert.Equal("saikhan", hub.Snapshot.Station.FindCallPoint(place)!.VillageId);
        Assert.Equal(before.VillageId, hub.Snapshot.OpenIncidents[before.Id].VillageId);
        hub.Receive("signal", hub.Board.Signal(2, kind: "smoke"));
        var after = hub.Snapshot.OpenIncidents[hub.Snapshot.OpenIncidents.Keys.Max()];
        Assert.Equal("saikhan", after.VillageId);
        var first = Gateway.Hub.Dispatch.SuggestionRules.Suggest(hub.Snapshot.Station, after, hub.Snapshot.ResponderStates(hub.Now))[0];
        Assert.Equal("saikhan", first.Responder.VillageId);
        using var connection = hub.Database.Connect();
        Assert.Equal(1, connection.Scalar("SELECT count(*) FROM audit WHERE kind = 'callPoint.moved'"));
    }

    [Fact]
    public void A_patrol_key_checks_in_at_its_point_when_it_was_turned_and_now_where_its_time_is_unknown()
    {
        var seed = Gateway.Hub.Tests.Stations.Seeds.Sumitu;
        var plan = new Gateway.Hub.Stations.PatrolPlan(
            [new Gateway.Hub.Stations.Shift("all-day", new Gateway.Hub.Stations.LocalText("x"), 0, 0)],
            [new("gate", new Gateway.Hub.Stations.LocalText("x"), "bayanbulag", 2, 60, "sumitu-01"), new("well", new Gateway.Hub.Stations.LocalText("x"), "saikhan", 1, 0, "")], []);
        using var hub = new CoreHarness(station: seed with { Patrol = plan });
        hub.Advance(2);
        hub.Receive("status", hub.Board.Birth(isVirtual: false));
        hub.Receive("signal", hub.Board.Signal(1, kind: "patrol", state: "normal", lane: "event"));
        hub.Advance(1);
        var shift = Assert.Single(hub.Snapshot.OpenWork.Values.OfType<Gateway.Hub.Work.Patrol.PatrolShift>());
        var gate = shift.Targets.Single(target => target.Id == "gate");
        Assert.Equal(1, gate.CheckIns);
        Assert.Equal("gw/sumitu-01", gate.LastBy);
        Assert.InRange(gate.LastAt!.Value, shift.StartsAt, hub.Now);
        Assert.Equal(0, shift.Targets.Single(target => target.Id == "well").CheckIns);
        Assert.DoesNotContain(hub.Snapshot.OpenIncidents.Values, incident => incident.FirstSignal.Kind == "patrol");
        hub.Receive("signal", hub.Board.Signal(2, kind: "patrol", state: "normal", lane: "event", test: true));
        Assert.Equal(1, hub.Snapshot.OpenWork.Values.OfType<Gateway.Hub.Work.Patrol.PatrolShift>().Single().Targets.Single(target => target.Id == "gate").CheckIns);
    }

    [Fact]
    public void Keys_turned_where_no_shift_has_a_point_are_told_once_in_an_hour_and_all_stored()
    {
        using var hub = new CoreHarness();
        hub.Receive("status", hub.Board.Birth(isVirtual: false));
        for (uint seq = 1; seq <= 20; seq++)
        {
            hub.Receive("signal", hub.Board.Signal(seq, kind: "patrol", state: "normal", lane: "event"));
        }

        Assert.Single(hub.Detail().Diary, line => line.Kind == "patrol");
        hub.Advance(3_600);
        hub.Receive("signal", hub.Board.Signal(21, kind: "patrol", state: "normal", lane: "event"));
        Assert.Equal(2, hub.Detail().Diary.Count(line => line.Kind == "patrol"));
        hub.Advance(1);
        Assert.Equal(21, hub.Snapshot.Gateways[hub.Board.Device].SignalCount);
    }

    [Fact]
    public void A_village_lists_its_own_incidents_and_no_others()
    {
        Birth(isVirtual: false);
        Press();
        var incident = Assert.Single(_hub.Snapshot.OpenIncidents.Values);
        Assert.Equal(incident.Id, Assert.Single(_hub.Queries.Incidents(new IncidentQuery(VillageId: incident.VillageId, Kind: IncidentKind.Help))).Id);
        Assert.Empty(_hub.Queries.Incidents(new IncidentQuery(VillageId: incident.VillageId, BeforeId: incident.Id)));
        Assert.Empty(_hub.Queries.Incidents(new IncidentQuery(VillageId: "saikhan")));
    }

    [Fact]
    public void A_closed_call_comes_to_the_legal_queue_and_a_closed_days_incidents_to_the_daily_review()
    {
        Birth(isVirtual: false);
        Press();
        var id = Assert.Single(_hub.Snapshot.OpenIncidents.Keys);
        foreach (var command in new IncidentCommand[]
                 {
                     new IncidentCommand.Accept(new Assessment("")), new IncidentCommand.Handle("x"), new IncidentCommand.Report("x", Disposition.Helped), new IncidentCommand.FollowUp("x"), new IncidentCommand.Close(),
                 })
        {
            Assert.True(_hub.Execute(id, command).Done, command.ToString());
        }

        Assert.Equal(id, Assert.Single(_hub.Snapshot.OpenWork.Values.OfType<LegalReview>()).IncidentId);
        _hub.Advance(24 * 3_600);
        Assert.Equal(1, Assert.Single(_hub.Snapshot.OpenWork.Values.OfType<DailyReview>()).Incidents);
        _hub.Restart();
        _hub.Tick();
        Assert.Single(_hub.Snapshot.OpenWork.Values.OfType<DailyReview>());
    }

    [Fact]
    public void A_command_with_a_key_is_done_once_and_answered_alike_and_stands_in_the_audit()
    {
        var plan = new VisitCommand.Plan("Round", _hub.Snapshot.Station.Villages[0].Id, 3, _hub.Now.AddDays(3));
        var first = Execute(0, plan, "k1");
        var second = Execute(0, plan, "k1");
        Assert.True(first.Done);
        Assert.Equal(first, second);
        Assert.Single(_hub.Snapshot.OpenWork.Values.OfType<VisitRound>());
        Assert.Equal(WorkRefusals.WrongKind, Execute(first.Version, new WarningCommand.Handle("x"), null).Refusal?.Name);
        using var connection = _hub.Database.Connect();
        Assert.Equal(1, connection.Scalar("SELECT count(*) FROM audit WHERE kind = 'work.visitsPlanned'"));
    }

    [Fact]
    public void Only_the_hub_raises_a_warning()
    {
        Assert.Equal("not-allowed", Execute(0, new WarningCommand.Raise("x", []), null).Refusal?.Name);
        Assert.Equal(WorkRefusals.NoWork, Execute(77, new WorkCommand.Note("x"), null).Refusal?.Name);
    }

    [Fact]
    public void The_tests_list_holds_every_signal_made_under_test_however_many_real_ones_came_after()
    {
        Birth(isVirtual: false);
        _hub.Receive("signal", _hub.Board.Signal(++_seq, test: true));
        for (var real = 0; real < 20; real++)
        {
            Press();
        }

        Assert.True(Assert.Single(_hub.Queries.Signals(new Gateway.Hub.Fleet.SignalQuery(Limit: 5, TestsOnly: true))).Test);
    }

    private CommandOutcome Execute(long id, WorkCommand command, string? key)
    {
        CommandOutcome? outcome = null;
        _hub.Batch(core => outcome = core.Execute(id, command, "desk", key, new Gateway.Hub.Ingest.HubTime(_hub.Now, _hub.MonotonicMs)));
        return outcome!;
    }

    private List<IncidentFact> Facts()
    {
        using var connection = _hub.Database.Connect();
        return connection.Rows($"SELECT {WorkTables.FactColumns} FROM incident_facts ORDER BY id", WorkTables.ReadFact);
    }

    private List<(CountKey Key, long N)> CountsOfIncidents() => [.. Counts().Where(entry => entry.N != 0 && entry.Key.Figure is not (WorkCounts.WatchedS or WorkCounts.UpS))];

    private IReadOnlyList<(CountKey Key, long N)> Counts()
    {
        var queries = new WorkQueries(_hub.Database);
        return queries.Counts([.. queries.Months()]);
    }

    private void Birth(bool isVirtual) => _hub.Receive("status", _hub.Board.Birth(isVirtual: isVirtual));

    private void Press() => Assert.Null(_hub.Receive("signal", _hub.Board.Signal(++_seq)));
}
