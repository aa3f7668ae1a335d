using Gateway.Hub.Stations;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Console.Work;

/// <summary>A piece of work in the reader's language.</summary>
public sealed class WorkWords(StationBook stations, Words words)
{
    private readonly Station station = stations.All;

    public string Kind(WorkItem item) => words.Of("work-kind", WorkItem.KindOf(item));

    public string State(WorkItem item) => words.Of("work-state", item.State());

    /// <summary>Step names end in a number where there are several of a kind: "request 2".</summary>
    public string Step(string step)
    {
        var name = step.TrimEnd("0123456789".ToCharArray());
        return name.Length == step.Length ? words.Of("work-step", step) : $"{words.Of("work-step", name)} {step[name.Length..]}";
    }

    /// <summary>With its station, where several are seen.</summary>
    public string Title(WorkItem item) => stations.IsOne ? NameOf(item) : $"{NameOf(item)} · {stations.Of(item.StationId).Name.For(words.Tag)}";

    private string NameOf(WorkItem item) => item switch
    {
        VisitRound round => $"{round.Title} · {Village(round.VillageId)}",
        Campaign campaign => campaign.Title,
        SupportPlan plan => plan.Title,
        Warning warning => CallPoint(warning.CallPointId),
        LegalReview review => words["work-review.of", review.IncidentId],
        PatrolShift shift => ShiftOf(shift),
        DailyReview day => day.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        _ => Kind(item),
    };

    public string Village(string id) => station.FindVillage(id)?.Name.For(words.Tag) ?? id;

    public string CallPoint(string id) => station.FindCallPoint(id)?.Name.For(words.Tag) ?? id;

    /// <summary>Shifts of two stations may have the same id.</summary>
    private string ShiftOf(PatrolShift shift) => stations.Of(shift.StationId).Patrol.Shifts.FirstOrDefault(known => known.Id == shift.ShiftId)?.Name.For(words.Tag) ?? shift.ShiftId;

    /// <summary>A point or line of patrol.</summary>
    public string Target(string id) =>
        station.Patrol.Points.FirstOrDefault(point => point.Id == id)?.Name.For(words.Tag) ?? station.Patrol.Lines.FirstOrDefault(line => line.Id == id)?.Name.For(words.Tag) ?? id;

    public string Event(WorkEvent happened)
    {
        var line = words.Of("work-event", WorkJson.TypeOf(WorkJson.Write(happened)));
        var text = happened switch
        {
            WorkEvent.Noted e => e.Text,
            WorkEvent.Escalated e => $"{Step(e.Step)} → {words.Of("level", e.Level)}",
            PatrolEvent.CheckedIn e => Target(e.TargetId),
            PatrolEvent.Ended e => words["patrol.missed.count", e.Missed.Length],
            PatrolEvent.Explained e => e.Text,
            VisitEvent.Visited e => With($"{e.Count}", e.Text),
            VisitEvent.Requested e => $"{e.Number}: {e.Text}",
            VisitEvent.Answered e => $"{e.Number}: {words.Of("work-request", e.Result)}: {e.Text}",
            VisitEvent.Finished e => e.Text,
            CampaignEvent.Counted e => $"{Village(e.VillageId)}: {e.Visits}",
            CampaignEvent.Finished e => e.Text,
            SupportEvent.Done e => $"{words.Of("work-role", e.Role)}: {e.Text}",
            SupportEvent.Finished e => e.Text,
            ReviewEvent.Judged e => $"{words.Of("work-review", e.Result)}: {e.Text}",
            WarningEvent.Raised e => $"{words.Of("work-level", e.Level)}, {e.Calls.Length}",
            WarningEvent.Supervised e => $"{e.Team}: {e.Text}",
            WarningEvent.Handled e => e.Text,
            WarningEvent.FedBack e => $"{words.Of("work-warning", e.Result)}: {e.Text}",
            ShiftEvent.HandedOver e => e.Text,
            ShiftEvent.TakenOver e => e.Text,
            ShiftEvent.DayReviewed e => e.Text,
            _ => "",
        };
        return With(line, text);
    }

    private static string With(string line, string text) => text.Length == 0 ? line : $"{line}: {text}";
}
