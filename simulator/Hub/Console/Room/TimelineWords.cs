using Gateway.Hub.Incidents;

namespace Gateway.Hub.Console.Room;

/// <summary>What happened, a line each, in the reader's language.</summary>
public static class TimelineWords
{
    /// <summary>Who did it: an account by its name, the clock, a program by its token's name, a gateway by its id.</summary>
    public static string Actor(string actor, Words words) => actor switch
    {
        "clock" => words["actor.clock"],
        _ when actor.StartsWith("token:", StringComparison.Ordinal) => words["actor.program", actor["token:".Length..]],
        _ when actor.StartsWith("gw/", StringComparison.Ordinal) => words["actor.gateway", actor["gw/".Length..]],
        _ => actor,
    };

    public static string Of(IncidentEvent happened, HubSnapshot hub, Words words)
    {
        string Name(string responder) => hub.Names.FindResponder(responder)?.Name.For(words.Tag) ?? responder;
        string Place(string device) => hub.Names.FindBoard(device) is { } board && hub.Names.FindCallPoint(board.CallPointId) is { } point ? point.Name.For(words.Tag) : device;
        string Places(IEnumerable<string> devices) => string.Join(words["list.comma"], devices.Select(Place).DefaultIfEmpty("–"));

        return happened switch
        {
            IncidentEvent.Opened { SplitFrom: { } from } => words["event.splitFrom", from],
            IncidentEvent.Opened e => words["event.opened", words.Of("kind", e.Kind)],
            IncidentEvent.SignalJoined e => words["event.signalJoined", e.Signal.Count],
            IncidentEvent.Restored => words["event.restored"],
            IncidentEvent.Cancelled => words["event.cancelled"],
            IncidentEvent.Accepted => words["event.accepted"],
            IncidentEvent.Assessed e => With(e.Assessment.SkillNeeded is { Length: > 0 } skill ? words["event.needs", words["event.assessed"], words.Of("skill", skill)] : words["event.assessed"], e.Assessment.Text),
            IncidentEvent.Dispatched e => With(words["event.dispatched", string.Join(words["list.comma"], e.ResponderIds.Select(Name))], e.EtaMin is { } eta ? words["room.who.minutes", eta] : ""),
            IncidentEvent.Answered e => words["event.answered", Name(e.ResponderId)],
            IncidentEvent.WentOut e => words["event.wentOut", Name(e.ResponderId)],
            IncidentEvent.Arrived e => words["event.arrived", Name(e.ResponderId)],
            IncidentEvent.Released e => With(words["event.released", Name(e.ResponderId)], e.Reason),
            IncidentEvent.Handled e => With(words["event.handled"], e.Text),
            IncidentEvent.Reported e => With(words["event.reported", words.Of("disposition", e.Disposition)], e.Text),
            IncidentEvent.FollowedUp { Result: FollowUpResult.NotMet } e => With(words["event.notMet"], e.Text),
            IncidentEvent.FollowedUp e => With(WithParties(e.Result is { } result ? words["event.followedUp.result", words.Of("visit", result)] : words["event.followedUp"], e.Parties ?? [], words), e.Text),
            IncidentEvent.FollowUpWaived e => With(words["event.followUpWaived", e.Supervisor], e.Reason),
            IncidentEvent.CalledBack e => With(words["event.calledBack", words.Of("callback", e.Result)], e.Text),
            IncidentEvent.HandedToCaseTeam e => With(words["event.handedToCaseTeam", e.Team], e.Text),
            IncidentEvent.Merged e => words["event.merged", e.IntoIncidentId],
            IncidentEvent.Unmerged e => With(words["event.unmerged"], e.Reason),
            IncidentEvent.Escalated { Unheard: true } e => words["event.unheard", words.Of("level", e.Level)],
            IncidentEvent.Escalated e => words["event.escalated", words.Of("clock", e.Clock), words.Of("level", e.Level)],
            IncidentEvent.EscalationAcknowledged => words["event.escalationAcknowledged"],
            IncidentEvent.Noted e => With(words["event.noted"], e.Text),
            IncidentEvent.Reopened e => With(words["event.reopened"], e.Reason),
            IncidentEvent.Closed => words["event.closed"],
            IncidentEvent.SplitOff e => With(words["event.splitOff", e.NewIncidentId], e.Reason),
            IncidentEvent.ReferredToMediation e => With(WithParties(words["event.referredToMediation", e.Team], e.Parties, words), e.Text),
            IncidentEvent.MediationEnded e => With(words["event.mediationEnded", words.Of("mediation", e.Result)], e.Text),
            IncidentEvent.MediationFollowedUp e => With(words["event.mediationFollowedUp"], e.Text),
            IncidentEvent.CaseTaken e => words["event.caseTaken", e.Reference],
            IncidentEvent.CaseFedBack e => With(words["event.caseFedBack"], e.Text),
            IncidentEvent.Unanswered e => words["event.unanswered", string.Join(words["list.comma"], e.ResponderIds.Select(Name))],
            IncidentEvent.Informed { Why: InformReason.Warden } e => words["event.informed.Warden", string.Join(words["list.comma"], e.ResponderIds.Select(Name))],
            IncidentEvent.Informed e => words["event.informed.Watch", string.Join(words["list.comma"], e.ResponderIds.Select(Name))],
            IncidentEvent.Reached e => words["event.reached", Name(e.ResponderId), words.Of("channel", e.Channel), words.Of("reach", e.State)],
            IncidentEvent.WatchAlerted e => words["event.watchAlerted", Places(e.Boards), Places(e.Loudspeakers)],
            IncidentEvent.WatchSounded e => words["event.watchSounded", Place(e.Device)],
            IncidentEvent.WatchAnswered e => words["event.watchAnswered", Place(e.Device)],
            IncidentEvent.WatchStopped => words["event.watchStopped"],
            _ => IncidentJson.TypeOf(happened),
        };
    }

    /// <summary>Parties are roles.</summary>
    private static string WithParties(string line, IReadOnlyCollection<PartyRole> parties, Words words) =>
        parties.Count == 0 ? line : words["event.with-parties", line, string.Join(words["list.comma"], parties.Select(party => words.Of("party", party)))];

    private static string With(string line, string text) => string.IsNullOrWhiteSpace(text) ? line : $"{line}: {text}";
}
