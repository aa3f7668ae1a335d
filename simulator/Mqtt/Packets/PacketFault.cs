namespace Gateway.Mqtt.Packets;

/// <summary>Why bytes are not a valid packet, or a packet not a valid step of the protocol.</summary>
/// <param name="Clause">The normative statement broken, such as <c>MQTT-1.5.3-1</c>, or the name of a limit of ours.</param>
/// <param name="Reason">One sentence for the log. It never repeats bytes from the wire.</param>
public readonly record struct PacketFault(string Clause, string Reason)
{
    /// <summary>True when this says that something is wrong; the default value means that nothing is.</summary>
    public bool IsFault => Clause is not null;

    public override string ToString() => IsFault ? $"[{Clause}] {Reason}" : "no fault";
}
