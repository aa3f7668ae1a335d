using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Sessions;

/// <summary>What outlives a restart: the sessions of clients that asked for it, and the retained messages.</summary>
public sealed record BrokerState(SessionState[] Sessions, ApplicationMessage[] Retained);

/// <summary>A persistent session at rest.</summary>
/// <param name="ClientId">Whose it is.</param>
/// <param name="AbsentMs">How long the client has been away.</param>
/// <param name="LastId">The packet identifier used last.</param>
/// <param name="Subscriptions">Filter and granted QoS.</param>
/// <param name="InFlight">Sent and not acknowledged to the end, oldest first.</param>
/// <param name="Queued">Waiting, oldest first.</param>
/// <param name="InboundQos2">Identifiers of QoS 2 publishes that were accepted and not released [MQTT-4.3.3-2].</param>
public sealed record SessionState(
    string ClientId, long AbsentMs, ushort LastId, SubscribeRequest[] Subscriptions, OutboundState[] InFlight, OutboundState[] Queued, ushort[] InboundQos2);

/// <summary>One message on its way to a client.</summary>
/// <param name="Id">Packet identifier; 0 while it waits.</param>
/// <param name="Message">Null when only PUBREL is left to be sent.</param>
/// <param name="Qos">QoS of the delivery.</param>
/// <param name="Retained">RETAIN flag of the delivery.</param>
public sealed record OutboundState(ushort Id, ApplicationMessage? Message, byte Qos, bool Retained);
