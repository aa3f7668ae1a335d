using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>One incident as it is told: commands are decided at the story's own clock, events evolve it, and what was said is kept.</summary>
internal sealed class IncidentStory
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public static readonly Station Sumitu = Seeds.Sumitu;

    public const string Officer = "officer-1";
    public const string Volunteer = "munkhgol-volunteer-2";
    public const string FarDevice = "sumitu-09";

    private uint sequence = 16;

    public DateTimeOffset Now { get; private set; } = Start;

    public Incident? Incident { get; private set; }

    public Incident Current => Incident ?? throw new InvalidOperationException("The story has not begun.");

    public List<IncidentEvent> Events { get; } = [];

    public StationTargets Targets { get; init; } = Sumitu.Targets;

    public ImmutableDictionary<long, Incident> Others { get; set; } = ImmutableDictionary<long, Incident>.Empty;

    public static IncidentStory WithHelpCall() => new IncidentStory().Open(Press("help"));

    /// <summary>A signal of the far board; sequence and call as for a first press.</summary>
    public static SignalFacts Press(
        string kind = "help", uint seq = 17, uint? call = null, int count = 1, int zone = 1, string state = "alarm", string device = FarDevice, string lane = "call",
        DateTimeOffset? receivedAt = null, DateTimeOffset? occurredAt = null, bool test = false, bool conflict = false, string detail = "") =>
        new(new SignalIdentity(device, lane, 0x5f0e2b91, seq), kind, zone, state, call ?? (kind is "help" or "silent" ? seq : 0), count, 0, detail,
            occurredAt ?? receivedAt ?? Start, receivedAt ?? Start, false, test, conflict);

    public IncidentStory Open(SignalFacts signal)
    {
        var route = SignalRouting.Route(signal, Sumitu, [], 1);
        Assert.Equal(RouteKind.Open, route.Kind);
        return Does(route.Command!, "gw/" + signal.Identity.Device);
    }

    public IncidentStory Does(IncidentCommand command, string actor = "operator")
    {
        var decision = Decide(command, actor);
        Assert.True(decision.Refusal is null, $"{command.GetType().Name} was refused: {decision.Refusal}");
        foreach (var happened in decision.Events)
        {
            Events.Add(happened);
            Incident = IncidentRules.Evolve(Incident, happened);
        }

        return this;
    }

    /// <summary>The command must be refused by this name.</summary>
    public IncidentStory Refuses(string name, IncidentCommand command)
    {
        var decision = Decide(command, "operator");
        Assert.Equal(name, decision.Refusal?.Name);
        Assert.EndsWith(".", decision.Refusal!.Text);
        Assert.Empty(decision.Events);
        return this;
    }

    public IncidentStory After(int seconds)
    {
        Now = Now.AddSeconds(seconds);
        return this;
    }

    public IncidentStory PressedAgain(int count, uint call = 17) =>
        Does(new IncidentCommand.JoinSignal(Press(seq: ++sequence, call: call, count: count, receivedAt: Now), Current.CallPointId), "gw/" + FarDevice);

    public IncidentStory CancelledByPresser() =>
        Does(new IncidentCommand.CancelByPresser(Press("cancel", ++sequence, 17, state: "normal", receivedAt: Now)), "gw/" + FarDevice);

    public IncidentStory Accepted() => Does(new IncidentCommand.Accept(new Assessment("One person at the room asks for help.")));

    public IncidentStory OnScene() => Accepted().Does(new IncidentCommand.Dispatch([Volunteer], 12)).Does(new IncidentCommand.EnRoute(Volunteer)).Does(new IncidentCommand.Arrive(Volunteer));

    public IncidentStory Reported() => OnScene().Does(new IncidentCommand.Handle("Brought to the clinic.")).Does(new IncidentCommand.Report("Fell; brought to the clinic.", Disposition.Helped));

    public IncidentStory StageIs(Stage stage)
    {
        Assert.Equal(stage, Current.Stage);
        return this;
    }

    private Decision Decide(IncidentCommand command, string actor)
    {
        var view = Incident is null ? Others : Others.SetItem(Incident.Id, Incident);
        return IncidentRules.Decide(Incident, command, new DecideContext(Now, actor, Targets, view) { Station = Sumitu });
    }
}
