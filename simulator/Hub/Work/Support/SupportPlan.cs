using System.Collections.Immutable;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Work.Support;

/// <summary>The four who follow up together (S1).</summary>
public enum SupportRole
{
    Officer,
    Family,
    School,
    Community,
}

/// <summary>What one of the four has to do.</summary>
public sealed record SupportTask(SupportRole Role, string Text, DateTimeOffset DueAt, string? Report = null, DateTimeOffset? DoneAt = null);

/// <summary>
/// A support plan (S1's "five rings"): who of the four does what by when. It names roles and tasks. It is no file about a person: there is no member for a name,
/// an address, a school or a history, and nothing is computed from it.
/// </summary>
public sealed record SupportPlan : WorkItem
{
    public const int TasksMax = 64;

    /// <summary>A word by which those who know it find it again; not a name.</summary>
    public required string Title { get; init; }

    public ImmutableArray<SupportTask> Tasks { get; init; } = [];

    public string? Result { get; init; }

    public override string State() => !IsOpen ? "closed" : Tasks.All(task => task.DoneAt is not null) ? "done" : "running";

    public override IEnumerable<WorkStep> Steps() =>
        Tasks.Select((task, at) => (task, at)).Where(entry => entry.task.DoneAt is null)
            .Select(entry => new WorkStep($"task{entry.at + 1}", entry.task.DueAt, TimeSpan.FromDays(1)));
}

/// <summary>What can be asked of a support plan.</summary>
public abstract record SupportCommand : WorkCommand
{
    /// <summary>Begins a plan: each of the four has a first task and a day.</summary>
    public sealed record Plan(string Title, string Officer, string Family, string School, string Community, DateTimeOffset DueAt) : SupportCommand
    {
        public override Refusal? Offence() =>
            WorkBounds.Name("title", Title) ?? WorkBounds.Text("officer", Officer) ?? WorkBounds.Text("family", Family) ?? WorkBounds.Text("school", School)
            ?? WorkBounds.Text("community", Community);
    }

    /// <summary>A role did its task, and has perhaps a next one.</summary>
    /// <param name="Next">The next task; empty for none, and then <paramref name="NextDueAt"/> is not asked for.</param>
    public sealed record Done(SupportRole Role, string Text, string Next = "", DateTimeOffset? NextDueAt = null) : SupportCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text) ?? WorkBounds.Optional("next", Next);
    }

    /// <summary>Ends the plan; every task must be done.</summary>
    public sealed record Finish(string Text) : SupportCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }
}

/// <summary>What happened to a support plan.</summary>
public abstract record SupportEvent(DateTimeOffset At, string Actor) : WorkEvent(At, Actor)
{
    public sealed record Planned(DateTimeOffset At, string Actor, long Id, string Title, ImmutableArray<SupportTask> Tasks) : SupportEvent(At, Actor);

    public sealed record Done(DateTimeOffset At, string Actor, SupportRole Role, string Text, SupportTask? Next) : SupportEvent(At, Actor);

    public sealed record Finished(DateTimeOffset At, string Actor, string Text) : SupportEvent(At, Actor);
}

/// <summary>The rules of support plans, pure.</summary>
public static class SupportRules
{
    public static WorkDecision Decide(SupportPlan? plan, SupportCommand command, WorkContext context) => command switch
    {
        SupportCommand.Plan first => WorkBounds.Due("dueAt", first.DueAt, context.Now) is { } offence
            ? WorkDecision.Refuse(offence)
            : WorkDecision.Of(new SupportEvent.Planned(context.Now, context.Actor, context.NewId, first.Title,
            [
                new(SupportRole.Officer, first.Officer, first.DueAt), new(SupportRole.Family, first.Family, first.DueAt),
                new(SupportRole.School, first.School, first.DueAt), new(SupportRole.Community, first.Community, first.DueAt),
            ])),
        SupportCommand.Done done => Done(plan!, done, context),
        SupportCommand.Finish when plan!.Tasks.Any(task => task.DoneAt is null) => WorkDecision.Refuse(WorkRefusals.TasksOpen, "A task of this plan is not done yet."),
        SupportCommand.Finish finish => WorkDecision.Of(new SupportEvent.Finished(context.Now, context.Actor, finish.Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "a command without a rule"),
    };

    public static WorkItem Evolve(SupportPlan? plan, SupportEvent happened)
    {
        switch (happened)
        {
            case SupportEvent.Planned e:
                return new SupportPlan { Id = e.Id, OpenedAt = e.At, OpenedBy = e.Actor, Title = e.Title, Tasks = e.Tasks };
            case SupportEvent.Done e:
                var at = plan!.Tasks.IndexOf(Running(plan, e.Role)!);
                var tasks = plan.Tasks.SetItem(at, plan.Tasks[at] with { Report = e.Text, DoneAt = e.At });
                return plan with { Tasks = e.Next is { } next ? tasks.Add(next) : tasks };
            case SupportEvent.Finished e:
                return plan! with { Result = e.Text, ClosedAt = e.At };
            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "an event without an evolution");
        }
    }

    private static WorkDecision Done(SupportPlan plan, SupportCommand.Done done, WorkContext context)
    {
        if (Running(plan, done.Role) is null)
        {
            return WorkDecision.Refuse(WorkRefusals.AlreadyDone, $"The role {done.Role} has no task that is not done.");
        }

        if (done.Next.Length == 0)
        {
            return WorkDecision.Of(new SupportEvent.Done(context.Now, context.Actor, done.Role, done.Text, null));
        }

        if (plan.Tasks.Length >= SupportPlan.TasksMax)
        {
            return WorkDecision.Refuse(WorkRefusals.TooMany, $"A plan has at most {SupportPlan.TasksMax} tasks.");
        }

        return done.NextDueAt is not { } dueAt ? WorkDecision.Refuse(WorkRefusals.DateMissing, "A next task needs nextDueAt.")
            : WorkBounds.Due("nextDueAt", dueAt, context.Now) is { } offence ? WorkDecision.Refuse(offence)
            : WorkDecision.Of(new SupportEvent.Done(context.Now, context.Actor, done.Role, done.Text, new SupportTask(done.Role, done.Next, dueAt)));
    }

    private static SupportTask? Running(SupportPlan plan, SupportRole role) => plan.Tasks.FirstOrDefault(task => task.Role == role && task.DoneAt is null);
}
