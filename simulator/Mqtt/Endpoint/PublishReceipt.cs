namespace Gateway.Mqtt.Endpoint;

/// <summary>The endpoint's promise to acknowledge a publish: answered exactly once, by <see cref="Accept"/> or <see cref="Refuse"/>, on any thread.</summary>
public abstract class PublishReceipt
{
    /// <summary>The message is taken for good (for the hub: committed). PUBACK or PUBREC goes out.</summary>
    public abstract void Accept();

    /// <summary>The message is not taken; nothing is acknowledged and the connection is closed with this reason in the log.</summary>
    public abstract void Refuse(string reason);
}
