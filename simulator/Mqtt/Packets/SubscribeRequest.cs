namespace Gateway.Mqtt.Packets;

/// <summary>One topic filter and the highest QoS asked for it, section 3.8.3.</summary>
public readonly record struct SubscribeRequest(string Filter, byte Qos);
