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

    private InboundPublish(IBrokerHost host, Session session, ushort id)
    {
        this.host = host;
        Session = session;
        Id = id;
        Qos = 2;
        IsAnswered = true;
        answer = AcceptedAnswer;
    }

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

    /// <summary>The connection it came on; null for one restored after a restart, which is answered already.</summary>
    internal ServerConnection? Connection { get; }

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

    /// <summary>A QoS 2 publish that was accepted before a restart, so that its repetition is recognised.</summary>
    internal static InboundPublish Restored(IBrokerHost host, Session session, ushort id) => new(host, session, id);

    /// <inheritdoc/>
    public override void Accept() => Answer(AcceptedAnswer, null);

    /// <inheritdoc/>
    public override void Refuse(string reason) => Answer(RefusedAnswer, reason);

    /// <summary>Refuses it unless it is answered already: the owner threw, and nobody knows how far it came.</summary>
    internal void RefuseIfOpen(string reason) => TryAnswer(RefusedAnswer, reason);

    private void Answer(int value, string? reason)
    {
        if (!TryAnswer(value, reason))
            throw new InvalidOperationException("A publish is answered once.");
    }

    private bool TryAnswer(int value, string? reason)
    {
        if (Interlocked.CompareExchange(ref answer, value, Open) != Open)
            return false;
        RefusedReason = reason;
        host.Answered(this);
        return true;
    }
}
