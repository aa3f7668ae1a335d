using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Hub.Incidents;

/// <summary>
/// Which members of stored events and states hold what people wrote, and how those are written when their time is over: a tombstone in the place of the words.
/// Numbers, times, kinds, ids and the names of accounts stay: they say who did what, and when.
/// </summary>
public static class ErasedWords
{
    /// <summary>Stands where words were.</summary>
    public const string Tombstone = "[已删除 erased]";

    /// <summary>Members that a person fills with words of their own. A text member that is neither here nor in <see cref="Kept"/> fails a test.</summary>
    public static readonly FrozenSet<string> Words = new[]
    {
        "answer", "caseTeam", "detail", "explanation", "followUpText", "handledText", "note", "reason", "reference", "remark", "report", "reportText", "result", "resultText",
        "team", "text", "title",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Text members that are ids, names of accounts, or words of the hub's own.</summary>
    public static readonly FrozenSet<string> Kept = new[]
    {
        "acceptedBy", "acknowledgedBy", "actedBy", "actor", "callPointId", "device", "groupId", "id", "jointResponseId", "kind", "lane", "lastBy", "openedBy", "responderId", "shiftId",
        "skillNeeded", "state", "stationId", "step", "supervisedBy", "supervisor", "takenBy", "targetId", "villageId",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly JsonSerializerOptions Erasing = MakeOptions();

    /// <summary>The value as JSON, with the tombstone in the place of every word.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Erasing);

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(IncidentJson.Options) { TypeInfoResolver = IncidentJson.Options.TypeInfoResolver!.WithAddedModifier(Erase) };
        options.MakeReadOnly();
        return options;
    }

    private static void Erase(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.PropertyType == typeof(string) && Words.Contains(member.Name) && member.Get is { } get)
            {
                member.Get = of => get(of) is string { Length: > 0 } ? Tombstone : get(of);
            }
        }
    }
}
