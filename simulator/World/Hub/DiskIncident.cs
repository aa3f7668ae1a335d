using Gateway.Hub.Incidents;

namespace Gateway.World.Hub;

/// <summary>A row of the hub's incidents, parsed when somebody first asks.</summary>
public sealed class DiskIncident(long version, string stage, string json)
{
    private Incident? _content;

    public long Version { get; } = version;

    public string Stage { get; } = stage;

    public string Json { get; } = json;

    public Incident Content => _content ??= IncidentJson.ReadIncident(Json);
}
