using System.Collections.Immutable;
using Gateway.Hub.Incidents;

namespace Gateway.World.Oracle;

/// <summary>Somebody who was sent, by the oracle's own count.</summary>
internal sealed record Sent(string Id, DateTimeOffset At, int? EtaMin)
{
    public DateTimeOffset? EnRouteAt { get; set; }

    public DateTimeOffset? OnSceneAt { get; set; }

    public DateTimeOffset? ReleasedAt { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    public DateTimeOffset? UnansweredAt { get; set; }

    public bool IsOut => ReleasedAt is null;

    public bool IsAwaited => IsOut && AnsweredAt is null && UnansweredAt is null && EnRouteAt is null && OnSceneAt is null;
}

/// <summary>A call of an incident, by the oracle's own count.</summary>
internal sealed record Call(SignalIdentity Key, int Zone)
{
    public int Count { get; set; }

    public bool IsCancelled { get; set; }
}

/// <summary>Somebody above was told.</summary>
internal sealed record Raised(ClockName Clock, EscalationLevel Level, DateTimeOffset At)
{
    public string? By { get; set; }

    public DateTimeOffset? ByAt { get; set; }
}

/// <summary>The neighbours who were called, by the oracle's own count.</summary>
internal sealed record Neighbours(string GroupId, DateTimeOffset At, ImmutableArray<string> Boards, ImmutableArray<string> Loudspeakers)
{
    public List<string> Sounding { get; } = [];

    public List<string> Answered { get; } = [];

    public DateTimeOffset? StoppedAt { get; set; }
}
