using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Sessions;

/// <summary>
/// A publish on its way in, from arrival to acknowledgement. The owner answers it on any thread; the answer comes back to the broker as an input of
/// its own, so the owner never runs inside the broker nor the broker inside the owner.
/// </summary>
public sealed class InboundPublish : PublishReceipt
{
    private const int Open = 0;
    private const int AcceptedAnswer = 1;
    private const int RefusedAnswer = 2;

    private readonly IBrokerHost host;
    private int answer;

    internal InboundPublish(IBrokerHost host, ServerConnection connection, Session session, ApplicationMessage message, ushort id, bool isWill)
    {
        this.host = host;
        Connection = connection;
        Session = session;
        Message = message;
        Id = id;
        Qos = message.Qos;
        IsWill = isWill;
    }

    internal ServerConnection Connection { get; }

    internal Session Session { get; }

    /// <summary>Null once delivered: a QoS 2 identifier outlives its payload.</summary>
    internal ApplicationMessage? Message { get; set; }

    internal ushort Id { get; }

    internal byte Qos { get; }

    internal bool IsWill { get; }

    /// <summary>The owner wants subscribers and the retained store to have it too.</summary>
    internal bool Route { get; set; }

    internal bool IsAnswered { get; set; }

    internal bool IsAccepted => answer == AcceptedAnswer;

    internal string? RefusedReason { get; private set; }

    /// <inheritdoc/>
    public override void Accept() => Answer(AcceptedAnswer, null);

    /// <inheritdoc/>
    public override void Refuse(string reason) => Answer(RefusedAnswer, reason);

    private void Answer(int value, string? reason)
    {
        if (Interlocked.CompareExchange(ref answer, value, Open) != Open)
            throw new InvalidOperationException("A publish is answered once.");
        RefusedReason = reason;
        host.Answered(this);
    }
}
