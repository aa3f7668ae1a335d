using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Mqtt.Endpoint;

/// <summary>What a client presented in a well-formed CONNECT.</summary>
public sealed record ConnectAttempt(
    string ClientId, string? UserName, ReadOnlyMemory<byte> Password, bool CleanSession, X509Certificate2? ClientCertificate, EndPoint? Remote);

/// <summary>The answer to a CONNECT: an identity, or the CONNACK return code that refuses it (4 bad credentials, 5 not authorized, 3 unavailable).</summary>
public readonly record struct ConnectDecision(ClientIdentity? Identity, byte ReturnCode)
{
    public static ConnectDecision Allow(ClientIdentity identity) => new(identity, 0);

    public static ConnectDecision Refuse(byte returnCode) => new(null, returnCode);
}
