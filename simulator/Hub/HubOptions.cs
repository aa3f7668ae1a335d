using System.Net;
using Gateway.Hub.Operation;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Hub;

/// <summary>What a hub is told at its start. Checked once, by <see cref="HubHost.Build"/>. A production hub reads it from a file (<see cref="HubConfiguration"/>).</summary>
public sealed record HubOptions
{
    /// <summary>Folder of the database and of the hub's key file. Made if absent, with access for its owner only.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The station file (seeds/README.md describes it), or a folder of them: a hub has one station or several.</summary>
    public required string StationFile { get; init; }

    /// <summary>The files of the hub's other stations; empty for one station, or where <see cref="StationFile"/> is a folder.</summary>
    public IReadOnlyList<string> OtherStationFiles { get; init; } = [];

    /// <summary>TCP port of console and API; 0 for any free one.</summary>
    public int ConsolePort { get; init; }

    /// <summary>TCP port of the MQTT endpoint; 0 for any free one.</summary>
    public int MqttPort { get; init; }

    /// <summary>Address that the console listens on, and the endpoint too unless it has its own.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Address that the MQTT endpoint listens on; null for that of the console.</summary>
    public IPAddress? MqttBindAddress { get; init; }

    /// <summary>
    /// The endpoint's limits in a hub. Boards send at most 1,024 bytes, but larger packets are still read, so that they are refused and counted by name
    /// (`too-large`); a board's CONNECT with its will has less than 2,048.
    /// </summary>
    public static readonly EndpointLimits MqttLimitsDefault = new() { MaxPacketBytes = 65_536, MaxConnectPacketBytes = 8_192 };

    /// <summary>Every bound of the MQTT endpoint inside (simulator/Mqtt/README.md, "Bounds").</summary>
    public EndpointLimits MqttLimits { get; init; } = MqttLimitsDefault;

    /// <summary>Name or address by which boards and browsers call this hub, for provisioning and for links; null for what it listens on.</summary>
    public string? PublicHost { get; init; }

    /// <summary>The certificate for both ports; null for plain TCP.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Plain TCP on an address that is not loopback: whoever is on that network reads and changes what people and boards say. Off unless said by name.</summary>
    public bool AllowPlainTcpOnNetwork { get; init; }

    /// <summary>A broker outside, of which the hub is a client; null for the endpoint inside, which then has a port of its own.</summary>
    public ExternalBrokerOptions? Broker { get; init; }

    /// <summary>Backups by the clock; null for none.</summary>
    public BackupOptions? Backup { get; init; }

    /// <summary>Free bytes of the data folder's disk below which the hub warns.</summary>
    public long DiskWarnBytes { get; init; } = 1L << 30;

    /// <summary>How long what people wrote about closed incidents and work is kept, days; then it is erased (README.md, "Data protection").</summary>
    public int WordsKeptDays { get; init; } = Ingest.HubCore.WordsKeptDaysDefault;

    /// <summary>Folder of language files for the console; null for <c>languages</c> in the data folder.</summary>
    public string? LanguagesFolder { get; init; }

    /// <summary>Where metrics are sent; null for nowhere.</summary>
    public TelemetryOptions? Telemetry { get; init; }

    /// <summary>True in a demo or a simulation only. A production hub refuses virtual boards by name.</summary>
    public bool AllowVirtualBoards { get; init; }

    /// <summary>Where the signed heads of the audit chain go; null for a folder of that name in the data folder. Best on another machine's disk.</summary>
    public string? AuditHeadsFolder { get; init; }

    /// <summary>Sees each connection to the database: the tests' way to every statement.</summary>
    internal Action<Microsoft.Data.Sqlite.SqliteConnection>? DatabaseConnected { get; init; }

    /// <summary>Wall clock, monotonic clock and timers.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
