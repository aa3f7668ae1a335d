using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Hub.Fleet;

/// <summary>
/// What a board must be told once, by a trusted way (a cable, a memory card). Holds the only copy of the password and one of two copies of the key:
/// whoever reads it can speak as that board. The hub cannot show it a second time; provisioning again replaces it.
/// </summary>
/// <param name="Device">Device id, MQTT client id and user name.</param>
/// <param name="Hub">Id of the one hub it belongs to: 16 hex digits.</param>
/// <param name="Key">Device key: 64 hex digits.</param>
/// <param name="Password">MQTT password.</param>
public sealed record ProvisioningFile(
    [property: JsonPropertyName("device")] string Device,
    [property: JsonPropertyName("hub")] string Hub,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("password")] string Password,
    [property: JsonPropertyName("host")] string Host,
    [property: JsonPropertyName("port")] int Port)
{
    public string ToJson() => JsonSerializer.Serialize(this);
}
