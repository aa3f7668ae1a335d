using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Sessions;

/// <content>Sessions over a restart, and their end; <c>Broker.cs</c> has the life of connections.</content>
public sealed partial class Broker
{
    private long lastExpiryMs;

    /// <summary>The persistent sessions and the retained messages, to be kept over a restart.</summary>
    public BrokerState Export(long nowMs) => new(
        [.. sessions.Values.Where(static session => !session.Clean).Select(session => session.Export(nowMs))],
        [.. Retained.All]);

    /// <summary>Takes over what an earlier broker exported. Call it before the first connection.</summary>
    public void Import(BrokerState state, long nowMs)
    {
        foreach (ApplicationMessage message in state.Retained)
            Retained.Set(message);
        foreach (SessionState saved in state.Sessions.Take(limits.MaxSessions))
        {
            var session = new Session(saved.ClientId, clean: false, limits, Counters, host);
            sessions.Add(saved.ClientId, session);
            foreach (SubscribeRequest subscription in saved.Subscriptions)
                session.Subscriptions.Add(subscriptions.Add(subscription.Filter, session, subscription.Qos));
            Counters.Subscriptions += saved.Subscriptions.Length;
            session.Import(saved, nowMs);
        }
        Counters.Sessions = sessions.Count;
    }

    private void Discard(Session session)
    {
        foreach (TopicNode node in session.Subscriptions)
            TopicTree.Remove(node, session);
        Counters.Subscriptions -= session.Subscriptions.Count;
        session.Subscriptions.Clear();
        session.Discard();
        sessions.Remove(session.ClientId);
        Counters.Sessions = sessions.Count;
    }

    private void ExpireAbsent(long nowMs)
    {
        const int checkEveryMs = 60_000;
        if (nowMs - lastExpiryMs < checkEveryMs)
            return;
        lastExpiryMs = nowMs;
        foreach (Session session in sessions.Values.Where(session =>
            session.Connection is null && nowMs - session.AbsentSinceMs >= limits.OfflineSessionSeconds * 1_000L).ToList())
        {
            Discard(session);
        }
    }
}
