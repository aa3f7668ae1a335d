using System.Globalization;
using System.Text.Json;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Console.Room;

/// <summary>A command as the JSON that its button sends to the API, with the version of the incident that the page shows: what another desk did meanwhile is not overrun.</summary>
public static class CommandBody
{
    public static string Of(IncidentCommand command, Incident shown) => JsonSerializer.Serialize(command with { ExpectedVersion = shown.Version }, IncidentJson.Options);

    /// <summary>The dispatch button: the page adds the ticked responders as <c>responderIds</c>.</summary>
    public static string DispatchOf(int? etaMin, Incident shown) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"type":"dispatch",{{(etaMin is null ? "" : $"\"etaMin\":{etaMin},")}}"expectedVersion":{{shown.Version}}}""");

    /// <summary>The part that a dialog completes.</summary>
    public static string Begun(IncidentCommand? command, Incident shown) =>
        command is null ? string.Create(CultureInfo.InvariantCulture, $$"""{"expectedVersion":{{shown.Version}}}""") : Of(command, shown);
}
