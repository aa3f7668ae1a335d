namespace Gateway.Mqtt.Endpoint;

/// <summary>
/// How far a limit may be moved by whoever runs an endpoint: a configuration reads its members by this list, so that none is forgotten. Below the lowest value the
/// protocol or the hub's boards no longer work, above the highest the limit bounds nothing.
/// </summary>
/// <param name="Name">As a member of a configuration file: the property's name in camel case.</param>
public sealed record LimitRange(string Name, int Min, int Max, Func<EndpointLimits, long> Get, Func<EndpointLimits, int, EndpointLimits> Set)
{
    private const int GiB = 1_073_741_824;

    /// <summary>Every property of <see cref="EndpointLimits"/>, in its order.</summary>
    public static readonly IReadOnlyList<LimitRange> All =
    [
        new("maxPacketBytes", 4_096, 16_777_216, l => l.MaxPacketBytes, (l, v) => l with { MaxPacketBytes = v }),
        new("maxConnectPacketBytes", 1_024, 1_048_576, l => l.MaxConnectPacketBytes, (l, v) => l with { MaxConnectPacketBytes = v }),
        new("maxTopicLength", 64, 65_535, l => l.MaxTopicLength, (l, v) => l with { MaxTopicLength = v }),
        new("maxTopicLevels", 8, 1_024, l => l.MaxTopicLevels, (l, v) => l with { MaxTopicLevels = v }),
        new("maxClientIdLength", 32, 65_535, l => l.MaxClientIdLength, (l, v) => l with { MaxClientIdLength = v }),
        new("maxConnections", 1, 1_000_000, l => l.MaxConnections, (l, v) => l with { MaxConnections = v }),
        new("maxAwaitingConnectPerAddress", 1, 1_000_000, l => l.MaxAwaitingConnectPerAddress, (l, v) => l with { MaxAwaitingConnectPerAddress = v }),
        new("maxSessions", 1, 1_000_000, l => l.MaxSessions, (l, v) => l with { MaxSessions = v }),
        new("offlineSessionSeconds", 60, 31_536_000, l => l.OfflineSessionSeconds, (l, v) => l with { OfflineSessionSeconds = v }),
        new("connectTimeoutMs", 1_000, 300_000, l => l.ConnectTimeoutMs, (l, v) => l with { ConnectTimeoutMs = v }),
        new("partialPacketTimeoutMs", 1_000, 600_000, l => l.PartialPacketTimeoutMs, (l, v) => l with { PartialPacketTimeoutMs = v }),
        new("maxSubscriptionsPerSession", 8, 100_000, l => l.MaxSubscriptionsPerSession, (l, v) => l with { MaxSubscriptionsPerSession = v }),
        new("maxFiltersPerSubscribe", 8, 100_000, l => l.MaxFiltersPerSubscribe, (l, v) => l with { MaxFiltersPerSubscribe = v }),
        new("maxInFlightPerSession", 1, 10_000, l => l.MaxInFlightPerSession, (l, v) => l with { MaxInFlightPerSession = v }),
        new("maxQueuedPerSession", 16, 1_000_000, l => l.MaxQueuedPerSession, (l, v) => l with { MaxQueuedPerSession = v }),
        new("maxQueuedBytesPerSession", 65_536, GiB, l => l.MaxQueuedBytesPerSession, (l, v) => l with { MaxQueuedBytesPerSession = v }),
        new("maxQueuedBytes", 65_536, GiB, l => l.MaxQueuedBytes, (l, v) => l with { MaxQueuedBytes = v }),
        new("maxUnsentBytesPerConnection", 16_384, 67_108_864, l => l.MaxUnsentBytesPerConnection, (l, v) => l with { MaxUnsentBytesPerConnection = v }),
        new("maxUnansweredPerConnection", 1, 65_535, l => l.MaxUnansweredPerConnection, (l, v) => l with { MaxUnansweredPerConnection = v }),
        new("maxInboundQos2PerSession", 1, 65_535, l => l.MaxInboundQos2PerSession, (l, v) => l with { MaxInboundQos2PerSession = v }),
        new("maxRetainedMessages", 16, 10_000_000, l => l.MaxRetainedMessages, (l, v) => l with { MaxRetainedMessages = v }),
        new("maxRetainedBytes", 65_536, GiB, l => l.MaxRetainedBytes, (l, v) => l with { MaxRetainedBytes = v }),
        new("maxOwnerBacklog", 1_000, 10_000_000, l => l.MaxOwnerBacklog, (l, v) => l with { MaxOwnerBacklog = v }),
        new("heartbeatMs", 50, 5_000, l => l.HeartbeatMs, (l, v) => l with { HeartbeatMs = v }),
        new("closeTimeoutMs", 100, 60_000, l => l.CloseTimeoutMs, (l, v) => l with { CloseTimeoutMs = v }),
    ];
}
