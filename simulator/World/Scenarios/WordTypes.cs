using System.Collections.Immutable;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.World.Scenarios;

/// <summary>The types of words in a sentence: their form, and what they may be. A word that the station does not have is an error before anything runs.</summary>
internal static class WordTypes
{
    private const string Id = "[a-z0-9-]+";
    private const string Camel = "[a-zA-Z]+";

    private static readonly Dictionary<string, Type> Enums = new(StringComparer.Ordinal)
    {
        ["zone"] = typeof(ZoneKind), ["kind"] = typeof(IncidentKind), ["stage"] = typeof(Stage), ["disposition"] = typeof(Disposition), ["callBack"] = typeof(CallBackResult),
        ["visitResult"] = typeof(FollowUpResult), ["mediation"] = typeof(MediationResult), ["parties"] = typeof(PartyRole), ["level"] = typeof(EscalationLevel),
        ["clock"] = typeof(ClockName), ["colour"] = typeof(WarningLevel), ["outcome"] = typeof(RequestResult), ["warningResult"] = typeof(WarningResult),
        ["judgement"] = typeof(ReviewResult), ["support"] = typeof(SupportRole), ["role"] = typeof(ResponderRole), ["work"] = typeof(WorkKind), ["zoneClass"] = typeof(ZoneClass),
        ["why"] = typeof(InformReason),
    };

    private static readonly Dictionary<string, ImmutableArray<string>> Choices = new(StringComparer.Ordinal)
    {
        ["who"] = [.. Persons.All.Keys],
        ["skill"] = SkillNames.All,
        ["reason"] = ["way", "sameVillage", "language", "noLanguage", "skill", "noSkill", "firstAble", "nearestPolice", "nearestVolunteer", "policeFirst", "busy", "sent", "onScene", "mutualAid"],
        ["shown"] = ["accepted", "dispatched", "enRoute", "onScene", "cancelled", "closed"],
        ["list"] = ["villages", "callPoints", "boards", "responders", "patrolPoints", "patrolLines", "shifts", "areas", "watchGroups", "jointResponses"],
        ["share"] = ["closedLoop", "falseAlarms", "followedUp", "waived", "escalated", "cancelled", "requestsHandled", "patrolled"],
        ["state"] =
        [
            "running", "missed", "closed", "waiting", "visiting", "requests", "done", "pushed", "supervised", "handled",
        ],
    };

    /// <summary>Every type of word, and what its words are: for the reader's errors and the list of the vocabulary.</summary>
    public static string FormOf(string name) => TypeOf(name) switch
    {
        "text" => "\"[^\"]{1,300}\"",
        "n" => @"\d{1,6}",
        "km" => @"\d{1,4}(?:\.\d)?",
        "percent" => @"-?\d{1,3}(?:\.\d)?",
        "duration" => Durations.Pattern,
        "who" => $"(?:{string.Join('|', Choices["who"])})(?: of {Id})?",
        "responders" or "targets" or "parties" => Lists.Pattern,
        var type when Enums.ContainsKey(type) || Choices.ContainsKey(type) => Camel,
        _ => Id,
    };

    /// <summary>What is wrong with a word at this station; null when nothing is.</summary>
    public static string? Offence(string name, string word, StationBook stations)
    {
        var (type, station) = (TypeOf(name), stations.All);
        if (type == "who")
        {
            return stations.In(Persons.UnitOf(word)).IsEmpty ? $"There is no station or level above of the id `{Persons.UnitOf(word)}`." : null;
        }

        if (Enums.TryGetValue(type, out var known))
        {
            var names = Enum.GetNames(known).Select(Camelled).ToList();
            return Lists.Split(word).FirstOrDefault(item => !names.Contains(item)) is { } odd ? $"`{odd}` is none of: {string.Join(", ", names)}." : null;
        }

        if (Choices.TryGetValue(type, out var allowed))
        {
            return allowed.Contains(word) ? null : $"`{word}` is none of: {string.Join(", ", allowed)}.";
        }

        return type switch
        {
            "place" => station.FindCallPoint(word) is null ? $"The station has no call point `{word}`." : null,
            "station" => stations.Find(word) is null ? $"There is no station `{word}`." : null,
            "village" => station.FindVillage(word) is null ? $"The station has no village `{word}`." : null,
            "responder" => station.FindResponder(word) is null ? $"The station has no responder `{word}`." : null,
            "responders" => Lists.Split(word).FirstOrDefault(id => station.FindResponder(id) is null) is { } nobody ? $"The station has no responder `{nobody}`." : null,
            "targets" => Lists.Split(word).FirstOrDefault(id => !IsTarget(station, id)) is { } nowhere ? $"The station has no patrol point or line `{nowhere}`." : null,
            "group" => station.WatchGroups.All(group => group.Id != word) ? $"The station has no watch group `{word}`." : null,
            "joint" => station.FindJointResponse(word) is null ? $"The station has no joint response `{word}`." : null,
            "duration" => Durations.Parse(word) > TimeSpan.FromDays(400) ? $"`{word}` is longer than 400 days." : null,
            _ => null,
        };
    }

    public static string TypeOf(string name) => name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    public static string Camelled(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    public static string Camelled(Enum value) => Camelled(value.ToString());

    private static bool IsTarget(Station station, string id) => station.Patrol.Points.Any(point => point.Id == id) || station.Patrol.Lines.Any(line => line.Id == id);
}
