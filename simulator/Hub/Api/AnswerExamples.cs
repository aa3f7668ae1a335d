using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Hub.Api;

/// <summary>
/// An example of an answer, from its type: one of each list, every member there, ids as in the station of the demo. An endpoint that has an example of its own keeps it;
/// the others show at least the form, and cannot drift from it.
/// </summary>
internal static class AnswerExamples
{
    /// <summary>Deeper lies nothing that a reader of an example needs; also the end of a type that holds its like.</summary>
    private const int DepthMax = 7;

    private static readonly DateTimeOffset Moment = new(2026, 11, 22, 21, 14, 9, TimeSpan.FromHours(8));

    /// <summary>What a text is like, by the name of its member; others are <c>text</c>.</summary>
    private static readonly FrozenDictionary<string, string> Texts = new Dictionary<string, string>
    {
        ["id"] = "bayanbulag-room", ["device"] = "sumitu-01", ["deviceId"] = "sumitu-01", ["callPointId"] = "bayanbulag-room", ["villageId"] = "bayanbulag", ["placeId"] = "bayanbulag-room",
        ["responderId"] = "bayanbulag-volunteer-1", ["responderIds"] = "bayanbulag-volunteer-1", ["stationId"] = "sumitu", ["shiftId"] = "day", ["pointId"] = "point-1", ["targetId"] = "point-1",
        ["zh"] = "巴彦布拉格嘎查值班室", ["en"] = "Bayanbulag gacha room", ["mn"] = "", ["name"] = "Operator 1", ["actor"] = "Operator 1", ["by"] = "Operator 1", ["acceptedBy"] = "Operator 1",
        ["kind"] = "help", ["month"] = "2026-11", ["next"] = "599", ["cursor"] = "599", ["epoch"] = "5f0e2b91", ["firmware"] = "0.1.0", ["sha256"] = new string('a', 64), ["status"] = "ok",
        ["refusal"] = "no-report", ["subject"] = "incident/12", ["content"] = "{\"type\":\"accepted\"}", ["hash"] = new string('b', 64), ["number"] = "+86 000 0000 0001",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static JsonNode? Of(Type type, JsonSerializerOptions json) => Value(type, "", json, 0);

    private static JsonNode? Value(Type type, string member, JsonSerializerOptions json, int depth)
    {
        var known = Nullable.GetUnderlyingType(type) ?? type;
        if (known == typeof(string))
        {
            return Texts.GetValueOrDefault(member, "text");
        }

        if (Simple(known) is { } simple)
        {
            return JsonSerializer.SerializeToNode(simple, known, json);
        }

        var info = json.GetTypeInfo(known);
        return depth >= DepthMax ? null : info.Kind switch
        {
            JsonTypeInfoKind.Object => Object(info, json, depth),
            JsonTypeInfoKind.Enumerable => Value(info.ElementType!, member, json, depth + 1) is { } element ? new JsonArray(element) : new JsonArray(),
            JsonTypeInfoKind.Dictionary => new JsonObject { ["name"] = Value(info.ElementType!, member, json, depth + 1) },
            _ => null,
        };
    }

    private static object? Simple(Type type) =>
        type.IsEnum ? Enum.GetValues(type).GetValue(0)
        : type == typeof(bool) ? false
        : type == typeof(DateTimeOffset) ? Moment
        : type == typeof(DateOnly) ? DateOnly.FromDateTime(Moment.Date)
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(30)
        : type == typeof(double) ? 0.9
        : type.IsPrimitive ? Convert.ChangeType(12, type, System.Globalization.CultureInfo.InvariantCulture)
        : null;

    private static JsonObject Object(JsonTypeInfo info, JsonSerializerOptions json, int depth)
    {
        // Of several cases, the first, with the name by which it is told.
        if (info.PolymorphismOptions is { } cases && cases.DerivedTypes.FirstOrDefault() is { DerivedType: { } derived, TypeDiscriminator: { } name } && derived != info.Type)
        {
            var first = Members(json.GetTypeInfo(derived), json, depth);
            first.Insert(0, cases.TypeDiscriminatorPropertyName, JsonValue.Create(name.ToString()));
            return first;
        }

        return Members(info, json, depth);
    }

    private static JsonObject Members(JsonTypeInfo info, JsonSerializerOptions json, int depth)
    {
        var made = new JsonObject();
        foreach (var property in info.Properties.Where(property => property.Get is not null && property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), true) != true))
        {
            made[property.Name] = Value(property.PropertyType, property.Name, json, depth + 1);
        }

        return made;
    }
}
