namespace Gateway.Hub.Operation;

/// <summary>The broker of which the hub is a client. The broker's own configuration decides who may speak there (README.md has one for Mosquitto).</summary>
public sealed record ExternalBrokerOptions
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Client id of the hub: one per hub, or two would take the session from each other.</summary>
    public string ClientId { get; init; } = "gateway-hub";

    public string? User { get; init; }

    /// <summary>File that holds the password on its first line, readable by the hub's user only.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM of the authority that signed the broker's certificate; null for plain TCP, which beyond this machine is refused unless it is switched on by name.</summary>
    public string? AuthorityFile { get; init; }
}
