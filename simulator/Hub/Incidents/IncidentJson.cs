using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Hub.Incidents;

/// <summary>How events, commands and incidents are written as JSON: camel case, enums as camel-case names, a <c>type</c> that names the case.</summary>
public static class IncidentJson
{
    public static JsonSerializerOptions Options { get; } = MakeOptions();

    public static string Write(IncidentEvent happened) => JsonSerializer.Serialize(happened, Options);

    /// <exception cref="JsonException">The text is no event that this version knows.</exception>
    public static IncidentEvent ReadEvent(string json) =>
        JsonSerializer.Deserialize<IncidentEvent>(json, Options) ?? throw new JsonException("An event is an object, not null.");

    public static string Write(Incident incident) => JsonSerializer.Serialize(incident, Options);

    /// <exception cref="JsonException">The text is no incident that this version knows.</exception>
    public static Incident ReadIncident(string json) =>
        JsonSerializer.Deserialize<Incident>(json, Options) ?? throw new JsonException("An incident is an object, not null.");

    /// <summary>The name of an event's case, as in its <c>type</c>.</summary>
    public static string TypeOf(IncidentEvent happened)
    {
        var name = happened.GetType().Name;
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            AllowOutOfOrderMetadataProperties = true,
            // A null is written: the reader asks for every member of a record, and would not find one that was left out.
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { MakeNullableOptional } },
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A null is not written, so it cannot be required when the text is read again: what may be null may be absent.</summary>
    private static void MakeNullableOptional(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.AssociatedParameter is { IsNullable: true })
            {
                member.IsRequired = false;
            }
        }
    }
}
