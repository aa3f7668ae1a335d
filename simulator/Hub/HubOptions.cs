using System.Net;

namespace Gateway.Hub;

/// <summary>What a hub is told at its start. Checked once, by <see cref="HubHost.Build"/>.</summary>
public sealed record HubOptions
{
    /// <summary>Folder of the database and of the hub's key file. Made if absent, with access for its owner only.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The station file (seeds/README.md describes it).</summary>
    public required string StationFile { get; init; }

    /// <summary>TCP port of console and API; 0 for any free one.</summary>
    public int ConsolePort { get; init; }

    /// <summary>TCP port of the MQTT endpoint; 0 for any free one.</summary>
    public int MqttPort { get; init; }

    /// <summary>Address to listen on. Loopback unless said otherwise: plain TCP has no business on a network.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Loopback;

    /// <summary>True in a demo or a simulation only. A production hub refuses virtual boards by name.</summary>
    public bool AllowVirtualBoards { get; init; }

    /// <summary>Wall clock, monotonic clock and timers.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
