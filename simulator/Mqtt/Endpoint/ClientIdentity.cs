namespace Gateway.Mqtt.Endpoint;

/// <summary>Who is on a connection, once the policy has let it in.</summary>
/// <param name="ClientId">The client identifier, assigned by the endpoint if the client sent none.</param>
/// <param name="Name">The name the policy gave it (a device id, an account); never a secret.</param>
public sealed record ClientIdentity(string ClientId, string Name);
