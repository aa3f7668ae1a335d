using System.Collections.Immutable;

namespace Gateway.Hub.Incidents;

/// <summary>The ways to a person who is sent or informed, in the order in which they are tried.</summary>
public enum ReachChannel
{
    /// <summary>The box nearest to them sounds.</summary>
    Box,

    /// <summary>The station's own message gateway, by a signed webhook.</summary>
    Message,

    /// <summary>The operator rings them up.</summary>
    Telephone,
}

/// <summary>How far a channel came.</summary>
public enum ReachState
{
    /// <summary>On its way; nobody has confirmed it.</summary>
    Sent,

    /// <summary>The box sounds, or the gateway has taken the message: the person may or may not have noticed.</summary>
    Delivered,

    /// <summary>It did not get through; the detail says why.</summary>
    Failed,

    /// <summary>The person answered by this channel.</summary>
    Answered,
}

/// <summary>Why somebody hears of an incident without being sent.</summary>
public enum InformReason
{
    /// <summary>The warden of the area (S2): smoke and water there concern them first.</summary>
    Warden,

    /// <summary>A volunteer of the call point's watch group.</summary>
    Watch,
}

/// <summary>One way to one person, as it stands.</summary>
/// <param name="Detail">A command's id, a refusal's name, the box that sounds or at which the key was turned: for programs and the record; no words of people.</param>
public sealed record Reach(string ResponderId, ReachChannel Channel, ReachState State, DateTimeOffset At, string Detail);

/// <summary>Somebody who was told without being sent.</summary>
public sealed record InformedPerson(string ResponderId, InformReason Why, DateTimeOffset At, DateTimeOffset? AnsweredAt);

/// <summary>The neighbourhood's alert for this call. It names neither person nor kind at the boxes.</summary>
/// <param name="Boards">The neighbours' boxes that were asked to sound.</param>
/// <param name="Loudspeakers">The boards whose loudspeaker or siren output was asked to sound.</param>
public sealed record WatchAlert(string GroupId, DateTimeOffset At, ImmutableArray<string> Boards, ImmutableArray<string> Loudspeakers)
{
    /// <summary>Boards that confirmed that they sound.</summary>
    public ImmutableSortedSet<string> Sounding { get; init; } = [];

    /// <summary>Boards at which a key was turned while they sounded: somebody there has heard it.</summary>
    public ImmutableSortedSet<string> Answered { get; init; } = [];

    public DateTimeOffset? StoppedAt { get; init; }
}
