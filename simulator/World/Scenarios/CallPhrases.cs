using System.Collections.Immutable;
using Gateway.Hub.Accounts;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;

namespace Gateway.World.Scenarios;

/// <summary>What people do about a call.</summary>
internal static class CallPhrases
{
    public static ImmutableArray<Phrase> All { get; } =
    [
        Command("{who} accepts the call", static _ => new IncidentCommand.Accept()),
        Command("{who} assesses it as {text}", static w => new IncidentCommand.Assess(new Assessment(w.Text()))),
        Command("{who} assesses it as {text} and needs {skill}", static w => new IncidentCommand.Assess(new Assessment(w.Text(), w["skill"]))),
        Command("{who} sends {responders}", static w => new IncidentCommand.Dispatch(w.List("responders"))),
        Phrase.Do("{who} sends whom the hub suggests", static (s, w) => SendSuggested(s, w["who"])),
        Phrase.Do("{who} sends the joint response {joint}", static (s, w) => SendJoint(s, w["who"], w["joint"])),
        Command("{who} calls {responder} off for {text}", static w => new IncidentCommand.Release(w["responder"], w.Text())),
        Phrase.Do("{responder} answers", static (s, w) => s.Field(w["responder"], new IncidentCommand.Answer(w["responder"]))),
        Phrase.Do("{responder} sets out", static (s, w) => s.Field(w["responder"], new IncidentCommand.EnRoute(w["responder"]))),
        Phrase.Do("{responder} arrives", static (s, w) => s.Field(w["responder"], new IncidentCommand.Arrive(w["responder"]))),
        Command("{who} notes {text}", static w => new IncidentCommand.Note(w.Text())),
        Command("{who} handles it with {text}", static w => new IncidentCommand.Handle(w.Text())),
        Command("{who} reports {disposition} with {text}", static w => new IncidentCommand.Report(w.Text(), w.Choice<Disposition>("disposition"))),
        Command("{who} follows up with {text}", static w => new IncidentCommand.FollowUp(w.Text())),
        Command("{who} follows up with {parties} and finds {visitResult} as {text}",
            static w => new IncidentCommand.FollowUp(w.Text(), w.Choices<PartyRole>("parties"), w.Choice<FollowUpResult>("visitResult"))),
        Phrase.Do("{who} waives the follow-up for {text}", static (s, w) => s.Command(w["who"], new IncidentCommand.WaiveFollowUp(Persons.AccountOf(w["who"]), w.Text()))),
        Command("{who} calls back and finds {callBack} as {text}", static w => new IncidentCommand.CallBack(w.Choice<CallBackResult>("callBack"), w.Text())),
        Command("{who} refers it to mediation by {text1} between {parties} over {text2}",
            static w => new IncidentCommand.ReferToMediation(w.Text("text1"), w.Choices<PartyRole>("parties"), w.Text("text2"))),
        Command("{who} ends the mediation as {mediation} with {text}", static w => new IncidentCommand.EndMediation(w.Choice<MediationResult>("mediation"), w.Text())),
        Command("{who} follows up the mediation with {text}", static w => new IncidentCommand.FollowUpMediation(w.Text())),
        Command("{who} hands it to the case team {text1} for {text2}", static w => new IncidentCommand.HandToCaseTeam(w.Text("text1"), w.Text("text2"))),
        Command("{who} notes that the case is taken as {text}", static w => new IncidentCommand.TakeCase(w.Text())),
        Command("{who} notes what came of the case as {text}", static w => new IncidentCommand.FeedBackCase(w.Text())),
        Command("{who} merges it into call {n}", static w => new IncidentCommand.MergeInto(w.Number())),
        Command("{who} splits it for {text}", static w => new IncidentCommand.Split(w.Text())),
        Command("{who} acknowledges the escalation", static w =>
            new IncidentCommand.AcknowledgeEscalation()),
        Command("{who} reopens it for {text}", static w => new IncidentCommand.Reopen(w.Text())),
        Command("{who} closes the call", static _ => new IncidentCommand.Close()),
        Phrase.Do("{who} settles the call in one go", static (s, w) => Settle(s, w["who"])),
    ];

    private static Phrase Command(string pattern, Func<Words, IncidentCommand> make) => Phrase.Do(pattern, (s, w) => s.Command(w["who"], make(w)));

    private static Refusal? SendSuggested(Scene scene, string who)
    {
        var recommended = scene.Suggestions().Where(suggestion => suggestion.Recommended).ToList();
        return recommended.Count == 0
            ? throw new SceneException("the hub suggests nobody")
            : scene.Command(who, new IncidentCommand.Dispatch([.. recommended.Select(suggestion => suggestion.Responder.Id)], recommended.Min(suggestion => suggestion.EtaMinutes)));
    }

    private static Refusal? SendJoint(Scene scene, string who, string joint)
    {
        var proposal = JointResponses.For(scene.Stations.Of(scene.Call), scene.Call, scene.Suggestions()).FirstOrDefault(candidate => candidate.Response.Id == joint)
            ?? throw new SceneException($"the joint response {joint} is not for this kind of call");
        return scene.Command(who, new IncidentCommand.Dispatch(
            [.. proposal.Chosen.Select(suggestion => suggestion.Responder.Id)], proposal.Chosen.Min(suggestion => suggestion.EtaMinutes), joint));
    }

    /// <summary>From the call to its close, where a scenario is about something else: settled by telephone, followed up, closed.</summary>
    private static Refusal? Settle(Scene scene, string who)
    {
        IncidentCommand[] steps =
        [
            new IncidentCommand.Accept(new Assessment("settled by telephone")), new IncidentCommand.Handle("settled by telephone"), new IncidentCommand.Report("settled", Disposition.Helped),
            new IncidentCommand.FollowUp("rang up again: all is well"), new IncidentCommand.Close(),
        ];
        foreach (var step in steps)
        {
            scene.Pass(TimeSpan.FromSeconds(5));
            if (scene.Command(who, step) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }
}
