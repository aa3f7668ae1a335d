using System.Text.Json;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Work;

/// <summary>How work is written down: as incidents are (<see cref="IncidentJson.Options"/>).</summary>
public static class WorkJson
{
    public static string Write(WorkItem item) => JsonSerializer.Serialize(item, IncidentJson.Options);

    public static string Write(WorkEvent happened) => JsonSerializer.Serialize(happened, IncidentJson.Options);

    public static string Write(WorkCommand command) => JsonSerializer.Serialize(command, IncidentJson.Options);

    /// <exception cref="JsonException">The text is no item that this version knows.</exception>
    public static WorkItem ReadItem(string json) => JsonSerializer.Deserialize<WorkItem>(json, IncidentJson.Options) ?? throw new JsonException("An item is an object, not null.");

    /// <exception cref="JsonException">The text is no event that this version knows.</exception>
    public static WorkEvent ReadEvent(string json) => JsonSerializer.Deserialize<WorkEvent>(json, IncidentJson.Options) ?? throw new JsonException("An event is an object, not null.");

    /// <summary>The name of an event's case, as in its <c>type</c>.</summary>
    public static string TypeOf(string eventJson)
    {
        using var json = JsonDocument.Parse(eventJson);
        return json.RootElement.GetProperty("type").GetString()!;
    }
}
