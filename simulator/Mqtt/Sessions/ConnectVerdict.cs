using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Sessions;

/// <summary>The judgement on a CONNECT: an identity, or the return code of table 3.1 with a reason for log and metrics.</summary>
public readonly record struct ConnectVerdict(ClientIdentity? Identity, byte ReturnCode, string Reason);
