namespace Gateway.Mqtt.Endpoint;

/// <summary>A published message. The payload is immutable once here.</summary>
public sealed record ApplicationMessage(string Topic, ReadOnlyMemory<byte> Payload, byte Qos, bool Retain);
