using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>
/// Who could be there first, and why. The rules rank and give their reasons; a person decides. Only duty, place, way, skill, language and load count.
/// Pure: the same station, incident and states give the same list.
/// </summary>
public static class SuggestionRules
{
    /// <summary>What another incident in hand counts for, as minutes of delay.</summary>
    public const int BusyPenaltyMin = 30;

    /// <summary>What a missing skill counts for, as minutes of delay.</summary>
    public const int SkillPenaltyMin = 15;

    /// <summary>What having no language in common with the place counts for, as minutes of delay.</summary>
    public const int LanguagePenaltyMin = 10;

    /// <summary>A way longer than this is not suggested, min.</summary>
    public const int EtaMaxMin = CommandBounds.EtaMaxMin;

    /// <summary>Ranks everybody who is on duty and can get there, best first.</summary>
    /// <param name="states">Where responders are and what they do; whoever is missing in it is taken from the roster.</param>
    public static ImmutableArray<Suggestion> Suggest(Station station, Incident incident, IReadOnlyDictionary<string, ResponderState> states)
    {
        var callPoint = station.FindCallPoint(incident.CallPointId);
        var villageId = callPoint?.VillageId ?? (station.FindVillage(incident.VillageId) is not null ? incident.VillageId : station.VillageId);
        var ways = Enum.GetValues<TravelMeans>().ToDictionary(means => means, means => new RoadGraph(station, means).From(villageId));

        var ranked = station.Responders
            .Select(responder => Judge(station, incident, responder, states.GetValueOrDefault(responder.Id) ?? new(responder.Id, responder.OnDuty, responder.VillageId, 0), callPoint, villageId, ways))
            .OfType<Candidate>()
            .OrderBy(candidate => candidate.ScoreMin).ThenBy(candidate => candidate.EtaMin)
            .ThenBy(candidate => candidate.Responder.Role).ThenBy(candidate => candidate.Responder.Id, StringComparer.Ordinal)
            .ToList();
        ranked = WithHelp(ranked);
        var recommended = Recommend(station, incident, ranked);
        return [.. ranked.Select((candidate, index) => new Suggestion(
            candidate.Responder, index + 1, candidate.Means, candidate.Km, candidate.EtaMin, recommended.ContainsKey(candidate),
            recommended.TryGetValue(candidate, out var why) ? candidate.Reasons.InsertRange(0, why) : candidate.Reasons))];
    }

    /// <summary>The skill that an incident asks for: the assessment's, else what its kind suggests; empty for none.</summary>
    public static string SkillNeeded(Incident incident) => incident.Assessment?.SkillNeeded is { Length: > 0 } assessed ? assessed : incident.Kind switch
    {
        IncidentKind.Smoke or IncidentKind.Gas => SkillNames.Fire,
        IncidentKind.Pen => SkillNames.Livestock,
        IncidentKind.Water => SkillNames.Water,
        _ when SignalKinds.IsTechnical(incident.Kind) => SkillNames.Electrical,
        _ => "",
    };

    private sealed record Candidate(Responder Responder, TravelMeans Means, double Km, int EtaMin, int ScoreMin, bool IsFree, ImmutableArray<Reason> Reasons);

    private static Candidate? Judge(
        Station station, Incident incident, Responder responder, ResponderState state, CallPoint? callPoint, string villageId,
        Dictionary<TravelMeans, IReadOnlyDictionary<string, double>> ways)
    {
        var assignment = incident.Assignments.FirstOrDefault(known => known.ResponderId == responder.Id && known.IsActive);
        if (!state.OnDuty && assignment is null)
        {
            return null;
        }

        var best = responder.Means
            .Where(means => ways[means].ContainsKey(state.VillageId))
            .Select(means => (Means: means, Km: ways[means][state.VillageId], Min: responder.ReadyMin + (ways[means][state.VillageId] / station.Speeds.Of(means) * 60)))
            .OrderBy(way => way.Min).ThenBy(way => way.Means)
            .Cast<(TravelMeans Means, double Km, double Min)?>().FirstOrDefault();
        if (best is not { } way || way.Min > EtaMaxMin)
        {
            return null;
        }

        var etaMin = assignment?.OnSceneAt is not null ? 0 : (int)Math.Ceiling(way.Min);
        var reasons = ImmutableArray.CreateBuilder<Reason>();
        if (assignment is not null)
        {
            reasons.Add(assignment.OnSceneAt is null ? SuggestionReasons.Sent() : SuggestionReasons.OnScene());
        }

        if (state.VillageId == villageId)
        {
            reasons.Add(SuggestionReasons.SameVillage());
        }

        reasons.Add(SuggestionReasons.Way(way.Means, way.Km, etaMin));

        // Being busy with this very incident is no delay for it.
        var elsewhere = Math.Max(0, state.BusyWith - (assignment is null ? 0 : 1));
        var score = etaMin + JudgeSkill(incident, responder, reasons) + JudgeLanguage(callPoint, responder, reasons) + (elsewhere * BusyPenaltyMin);
        if (elsewhere > 0)
        {
            reasons.Add(SuggestionReasons.Busy(elsewhere));
        }

        return new Candidate(responder, way.Means, way.Km, etaMin, score, assignment is null, reasons.ToImmutable());
    }

    /// <summary>
    /// Mutual aid: of the neighbours' people only those who are there sooner than anybody of the station's own that is free, police against police; and whoever was sent already.
    /// Each says from where and how much sooner.
    /// </summary>
    private static List<Candidate> WithHelp(List<Candidate> ranked)
    {
        var helped = new List<Candidate>();
        foreach (var candidate in ranked)
        {
            if (candidate.Responder.AidFrom is not { } neighbour)
            {
                helped.Add(candidate);
                continue;
            }

            var own = ranked.Find(other => other.Responder.AidFrom is null && other.IsFree && (!candidate.Responder.IsPolice || other.Responder.IsPolice));
            if (!candidate.IsFree || own is null || candidate.ScoreMin < own.ScoreMin)
            {
                helped.Add(candidate with { Reasons = candidate.Reasons.Insert(0, SuggestionReasons.Aid(neighbour, own?.EtaMin - candidate.EtaMin)) });
            }
        }

        return helped;
    }

    private static int JudgeSkill(Incident incident, Responder responder, ImmutableArray<Reason>.Builder reasons)
    {
        var skill = SkillNeeded(incident);
        if (skill.Length == 0)
        {
            return 0;
        }

        var has = responder.Skills.Contains(skill);
        reasons.Add(has ? SuggestionReasons.Skill(skill) : SuggestionReasons.NoSkill(skill));
        return has ? 0 : SkillPenaltyMin;
    }

    private static int JudgeLanguage(CallPoint? callPoint, Responder responder, ImmutableArray<Reason>.Builder reasons)
    {
        if (callPoint is null || callPoint.Languages.IsEmpty)
        {
            return 0;
        }

        if (callPoint.Languages.FirstOrDefault(responder.Languages.Contains) is { } common)
        {
            reasons.Add(SuggestionReasons.Language(common));
            return 0;
        }

        reasons.Add(SuggestionReasons.NoLanguage());
        return LanguagePenaltyMin;
    }

    /// <summary>
    /// The first able person; where that is no police, the nearest police as well; where it is police from afar, the nearest volunteer or watch as well.
    /// A silent call: police only, for whoever goes may meet the danger. Equipment: one is enough. Who is sent already is not recommended again.
    /// </summary>
    private static Dictionary<Candidate, ImmutableArray<Reason>> Recommend(Station station, Incident incident, List<Candidate> ranked)
    {
        var chosen = new Dictionary<Candidate, ImmutableArray<Reason>>(ReferenceEqualityComparer.Instance);
        var sent = ranked.Where(candidate => !candidate.IsFree).ToList();
        var free = ranked.Where(candidate => candidate.IsFree).ToList();
        var police = sent.Exists(candidate => candidate.Responder.IsPolice) ? null : free.Find(candidate => candidate.Responder.IsPolice);
        if (free.Count == 0)
        {
            return chosen;
        }

        if (incident.IsSilent)
        {
            if (police is not null)
            {
                chosen[police] = [SuggestionReasons.PoliceFirst(), SuggestionReasons.NearestPolice()];
            }

            return chosen;
        }

        var first = sent.Count == 0 ? free[0] : null;
        if (first is not null)
        {
            chosen[first] = [SuggestionReasons.FirstAble()];
        }

        if (SignalKinds.IsTechnical(incident.Kind))
        {
            return chosen;
        }

        if (police is not null && police != first)
        {
            chosen[police] = [SuggestionReasons.NearestPolice()];
        }

        if (first is { Responder.IsPolice: true } && first.EtaMin * 60 > station.Targets.ArriveS(incident.ZoneClass)
            && free.Find(candidate => !candidate.Responder.IsPolice) is { } volunteer)
        {
            chosen[volunteer] = [SuggestionReasons.NearestVolunteer()];
        }

        return chosen;
    }
}
