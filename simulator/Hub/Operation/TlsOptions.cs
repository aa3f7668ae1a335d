namespace Gateway.Hub.Operation;

/// <summary>Whether a board must show a certificate of its own.</summary>
public enum ClientCertificates
{
    /// <summary>None is asked for.</summary>
    None,

    /// <summary>One that is shown must be good and name the client id; a board without one comes in by its password.</summary>
    Optional,

    /// <summary>The handshake fails without one.</summary>
    Required,
}

/// <summary>The hub's certificate, for the MQTT port and for HTTPS: TLS 1.2 and 1.3. The files are read again when they change.</summary>
public sealed record TlsOptions
{
    /// <summary>PEM: the server's certificate first, then the intermediate ones, if any.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM: its private key, not encrypted, readable by the hub's user only.</summary>
    public required string KeyFile { get; init; }

    /// <summary>PEM of the authority that boards must trust (`ca.pem` on the board); null when it is given to them in another way.</summary>
    public string? AuthorityFile { get; init; }

    public ClientCertificates ClientCertificates { get; init; }

    /// <summary>PEM of the authorities that sign boards' certificates; needed unless <see cref="ClientCertificates"/> is none.</summary>
    public string? ClientAuthorityFile { get; init; }
}
