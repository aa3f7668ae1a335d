using System.Text.Json;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Console.Room;

/// <summary>A command as the JSON that its button sends to the API.</summary>
public static class CommandBody
{
    public static string Of(IncidentCommand command) => JsonSerializer.Serialize(command, IncidentJson.Options);

    /// <summary>The dispatch button: the page adds the ticked responders as <c>responderIds</c>.</summary>
    public static string DispatchOf(int? etaMin) => etaMin is null ? """{"type":"dispatch"}""" : $$"""{"type":"dispatch","etaMin":{{etaMin}}}""";
}
