using System.Reflection;
using System.Text.Json.Serialization;
using Gateway.Hub.Accounts;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Accounts;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;
using static Gateway.Hub.Incidents.IncidentCommand;

namespace Gateway.Hub.Tests.Audit;

/// <summary>
/// I13 by enumeration: every command on an incident, every command on work and every method of the accounts that changes something is done once, and what it
/// changed is in the chain. A command or method that is new fails here until it is done here, too.
/// </summary>
public sealed class EveryChangeTests : IDisposable
{
    private readonly CoreHarness _hub = new();
    private readonly HashSet<Type> _done = [];
    private uint _seq;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void Every_command_on_an_incident_is_done_and_each_of_its_events_is_in_the_chain_I13()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var id = Press("help");
        _hub.Advance(3_600);
        All(id, new AcknowledgeEscalation(), new Accept(), new Assess(new Assessment("A quarrel.")), new Note("Heard."), new IncidentCommand.Dispatch(["officer-1", "officer-2"], 9), new UndoDispatch(),
            new IncidentCommand.Dispatch(["officer-1", "officer-2"], 9), new Answer("officer-1"), new RecordCall("officer-2", true), new EnRoute("officer-1"), new Arrive("officer-1"),
            new Release("officer-2", "Not needed."), new HandToCaseTeam("Case team", "Theft."), new TakeCase("2026-1"), new FeedBackCase("Found."),
            new ReferToMediation("Room", [PartyRole.Presser], "A fence."), new EndMediation(MediationResult.Agreed, "Agreed."), new FollowUpMediation("Kept."),
            new Split("A fire besides.", IncidentKind.Smoke));
        var other = _hub.Snapshot.OpenIncidents.Keys.Max();
        All(other, new MergeInto(id), new Unmerge("Another matter."));
        _hub.Receive("signal", _hub.Board.Signal(++_seq, "cancel", state: "normal", call: 1));
        All(id, new CallBack(CallBackResult.PresserSafe, "Is well."), new Handle("Done."), new Reopen("Too early."), new Handle("Done."), new Report("Done.", Disposition.Mediated),
            new FollowUp("Quiet."), new Close());
        All(other, new Accept(), new Assess(new Assessment("Nothing.")), new Handle("Nothing."), new Report("Nothing.", Disposition.NothingFound), new WaiveFollowUp("chief", "Nothing there."));

        AssertAllDone(typeof(IncidentCommand));
        AssertEventsAreInTheChain("incident_events", "incident_id", "incident", 30);
    }

    [Fact]
    public void Every_command_on_work_is_done_and_each_of_its_events_is_in_the_chain_I13()
    {
        _hub.Receive("status", _hub.Board.Birth());
        for (var call = 0; call < 6; call++)
        {
            var id = Press("help");
            foreach (var command in new IncidentCommand[]
            {
                new Accept(), new Assess(new Assessment("A quarrel.")), new Handle("Done."), new Report("Done.", Disposition.Mediated), new FollowUp("Quiet."), new Close(),
            })
            {
                Assert.True(_hub.Execute(id, command).Done, $"{command}");
            }

            _hub.Advance(24 * 3_600);
        }

        var warning = Opened<Warning>();
        _hub.Advance(200 * 3_600);
        Work(warning, new WorkCommand.AcknowledgeEscalation());
        Work(warning, new WarningCommand.Supervise("Community team", "Visit."));
        Work(warning, new WorkCommand.Note("Planned."));
        Work(warning, new WarningCommand.Handle("Visited."));
        Work(warning, new WarningCommand.FeedBack(WarningResult.SupportGiven, "Talks."));
        var review = _hub.Snapshot.OpenWork.Values.OfType<LegalReview>().First();
        Work(review.Id, new ReviewCommand.Judge(ReviewResult.Sound, "Whole."));
        Work(0, new ReviewCommand.Ask(review.IncidentId));
        var visits = Work(0, new VisitCommand.Plan("Round", "bayanbulag", 2, _hub.Now.AddDays(3)));
        Work(visits, new VisitCommand.Visit(1, "East row."));
        Work(visits, new VisitCommand.Request("The lamp is dark."));
        Work(visits, new VisitCommand.Outcome(1, RequestResult.Handled, "Replaced."));
        Work(visits, new VisitCommand.Finish("Done."));
        var campaign = Work(0, new CampaignCommand.Plan("Fraud", 3, _hub.Now.AddDays(3)));
        Work(campaign, new CampaignCommand.Count("bayanbulag", 3));
        Work(campaign, new CampaignCommand.Finish("Done."));
        var support = Work(0, new SupportCommand.Plan("Plan 7", "Talk", "Evenings", "School", "Club", _hub.Now.AddDays(3)));
        foreach (var role in Enum.GetValues<SupportRole>())
        {
            Work(support, new SupportCommand.Done(role, "Done."));
        }

        Work(support, new SupportCommand.Finish("Stable."));
        Work(Work(0, new ShiftCommand.HandOver("The road is closed.")), new ShiftCommand.TakeOver(), "other desk");
        Work(Opened<DailyReview>(), new ShiftCommand.ReviewDay("Quiet."));
        AssertEventsAreInTheChain("work_events", "item_id", "work", 25);

        using (var city = new CoreHarness(station: Seeds.Load("baicheng.yaml")))
        {
            city.Tick();
            var shift = city.Snapshot.OpenWork.Values.OfType<PatrolShift>().First();
            Work(shift.Id, new PatrolCommand.CheckIn(shift.Targets[0].Id), hub: city);
            city.Advance(13 * 3_600);
            Work(shift.Id, new PatrolCommand.ExplainMissed("Snow."), hub: city);
            AssertEventsAreInTheChain("work_events", "item_id", "work", 3, city);
        }

        AssertAllDone(typeof(WorkCommand));
    }

    [Fact]
    public async Task Every_method_of_the_accounts_and_tokens_that_changes_something_is_in_the_chain_before_it_returns_I13()
    {
        using var harness = new AccountHarness();
        var (accounts, tokens) = (harness.Accounts, harness.Tokens);
        var sessions = new SessionStore(harness.Database.Connect, TimeProvider.System);
        const string password = AccountHarness.Password;
        await harness.SetUpFirstAsync();
        var second = (await accounts.CreateAsync("Desk 2", password, [Roles.Operator], "Desk 1")).Account!;
        var token = await tokens.CreateAsync("first", [Rights.Read], actor: "Desk 1");

        // Each is done once more below, by name: a public method that is in neither list fails.
        string[] reading =
        [
            nameof(AccountService.IsSetupKey), nameof(AccountService.RightsOf), nameof(AccountService.NeedsSecondFactor), nameof(AccountService.FindValid), nameof(AccountService.Find),
            nameof(AccountService.List), nameof(TokenService.List), nameof(TokenService.FindValid),
            // Offers and keys that change nothing until they are used.
            nameof(AccountService.CreateSetupKey), nameof(AccountService.OfferSecondFactorAsync),
        ];
        var changing = new Dictionary<string, Func<Task>>
        {
            [nameof(AccountService.SignInAsync)] = () => accounts.SignInAsync("Desk 2", password),
            [nameof(AccountService.CreateAsync)] = () => accounts.CreateAsync("Desk 3", password, [Roles.Operator], "Desk 1"),
            [nameof(AccountService.SetRolesAsync)] = () => accounts.SetRolesAsync(second.Id, [Roles.CaseTeam], "Desk 1"),
            [nameof(AccountService.SetUnitAsync)] = () => accounts.SetUnitAsync(second.Id, "sumitu", "Desk 1"),
            [nameof(AccountService.SetPasswordAsync)] = () => accounts.SetPasswordAsync(second.Id, password + " 2", "Desk 1"),
            [nameof(AccountService.SetDisabledAsync)] = () => accounts.SetDisabledAsync(second.Id, true, "Desk 1"),
            [nameof(AccountService.ConfirmSecondFactorAsync)] = async () =>
            {
                var offer = (await accounts.OfferSecondFactorAsync(accounts.Find(second.Id)!)).Offer!;
                Assert.True((await accounts.ConfirmSecondFactorAsync(accounts.Find(second.Id)!, harness.CodeOf(offer.Secret))).Outcome.Done);
            },
            [nameof(AccountService.TakeSecondFactorAsync)] = () => accounts.TakeSecondFactorAsync(second.Id, "Desk 1"),
            [nameof(AccountService.EndSessionAsync)] = () => accounts.EndSessionAsync(second.Id, sessions.Open(second, "a browser").Id, sessions, "Desk 1"),
            [nameof(AccountService.EndSessionsAsync)] = () => accounts.EndSessionsAsync(second.Id, "Desk 1"),
        };
        var changingTokens = new Dictionary<string, Func<Task>>
        {
            [nameof(TokenService.CreateAsync)] = () => tokens.CreateAsync("second", [Rights.Read], actor: "Desk 1"),
            [nameof(TokenService.RevokeAsync)] = () => tokens.RevokeAsync(token.Token.Id, "Desk 1"),
        };
        Assert.Empty(Methods(typeof(AccountService)).Except(reading).Except(changing.Keys).Except([nameof(AccountService.SetUpAsync)]));
        Assert.Empty(Methods(typeof(TokenService)).Except(reading).Except(changingTokens.Keys));
        foreach (var (name, change) in changing.Concat(changingTokens))
        {
            var before = harness.Audited.Count;
            await change();
            Assert.True(harness.Audited.Count == before + 1, $"{name}: {harness.Audited.Count - before} entries ({string.Join(", ", harness.Audited.Skip(before))})");
        }

        static IEnumerable<string> Methods(Type service) =>
            service.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName).Select(method => method.Name);
    }

    private long Press(string kind)
    {
        Assert.Null(_hub.Receive("signal", _hub.Board.Signal(++_seq, kind)));
        return _hub.Snapshot.OpenIncidents.Values.Where(incident => incident.Kind == IncidentKind.Help).Max(incident => incident.Id);
    }

    private void All(long id, params IncidentCommand[] commands)
    {
        foreach (var command in commands)
        {
            var outcome = _hub.Execute(id, command);
            Assert.True(outcome.Done, $"{command}: {outcome.Refusal}");
            _done.Add(command.GetType());
        }
    }

    private long Opened<T>() where T : WorkItem => _hub.Snapshot.OpenWork.Values.OfType<T>().First().Id;

    private long Work(long id, WorkCommand command, string actor = "desk", CoreHarness? hub = null)
    {
        var on = hub ?? _hub;
        CommandOutcome? outcome = null;
        on.Batch(core => outcome = core.Execute(id, command, actor, null, new HubTime(on.Now, on.MonotonicMs)));
        Assert.True(outcome!.Done, $"{command}: {outcome.Refusal}");
        _done.Add(command.GetType());
        return outcome.Version;
    }

    private void AssertAllDone(Type family)
    {
        var left = family.GetCustomAttributes<JsonDerivedTypeAttribute>().Where(named => !_done.Contains(named.DerivedType)).Select(named => named.TypeDiscriminator);
        Assert.Empty(left);
    }

    /// <summary>Every stored event has its entry: same subject, kind, moment, actor and content; and no entry tells of an event that is not stored.</summary>
    private void AssertEventsAreInTheChain(string table, string key, string subject, int atLeast, CoreHarness? hub = null)
    {
        using var connection = (hub ?? _hub).Database.Connect();
        var events = connection.Rows($"SELECT '{subject}/' || {key} || ' {subject}.' || type || ' ' || at_ms || ' ' || actor || ' ' || json FROM {table}", r => r.GetString(0));
        var entries = connection.Rows($"SELECT subject || ' ' || kind || ' ' || at_ms || ' ' || actor || ' ' || content FROM audit WHERE subject LIKE '{subject}/%'", r => r.GetString(0));
        Assert.True(events.Count >= atLeast, $"{events.Count} events");
        Assert.Equal(events.Order(StringComparer.Ordinal), entries.Order(StringComparer.Ordinal));
        Assert.True(Gateway.Hub.Audit.AuditChain.Verify(connection).Whole);
    }
}
