using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Hub.Fleet;

/// <summary>
/// What a board must be told once, by a trusted way (a cable, a memory card): its `gateway.json` (firmware/README.md). Holds the only copy of the password and
/// one of two copies of the key: whoever reads it can speak as that board. The hub cannot show it a second time; provisioning again replaces it.
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
    /// <summary>No escapes: the board's reader of JSON is a small one. Nothing of it goes into a page unencoded.</summary>
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    [JsonPropertyName("tls")]
    public bool? Tls { get; init; }

    [JsonPropertyName("ssid")]
    public string? Ssid { get; init; }

    [JsonPropertyName("wifiPassword")]
    public string? WifiPassword { get; init; }

    [JsonPropertyName("metered")]
    public bool? Metered { get; init; }

    /// <summary>One line: the file. Absent members have the board's defaults.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Plain);

    /// <summary>
    /// The same for the service header (firmware/README.md): a line for each setting, of at most 120 characters, and <c>set save</c> at the end. What is absent is
    /// set back, so that a board which was set at its header before keeps nothing of it that concerns its identity or its way to the hub. TLS needs `ca.pem` besides.
    /// </summary>
    public string ToServiceText() => string.Concat(
        ServiceLines().Select(setting => (setting.Value is { Length: > 0 } value ? $"set {setting.Name} {value}" : $"set {setting.Name}") + "\n").Prepend("set drop\n").Append("set save\n"));

    private IEnumerable<(string Name, string? Value)> ServiceLines() =>
    [
        ("device", Device), ("hub", Hub), ("key", Key), ("password", Password), ("host", Host), ("port", Port.ToString(CultureInfo.InvariantCulture)),
        ("tls", Word(Tls)), ("ssid", Ssid), ("wifiPassword", WifiPassword), ("metered", Word(Metered)),
    ];

    private static string Word(bool? flag) => flag == true ? "true" : "false";
}
