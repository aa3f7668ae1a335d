using Gateway.World.Kernel;

namespace Gateway.World.Boards;

/// <content>What it knows of the time of day, and which of its doors are armed by that.</content>
public sealed partial class SimulatedBoard
{
    /// <summary>So far from the beginning and the end of a door's hours nobody asks.</summary>
    private const int HoursEdgeMin = 1;

    private const long ClockErrorMsMax = 1_000;

    /// <summary>When its clock was last set.</summary>
    public long ClockSetUs { get; private set; } = long.MinValue / 2;

    /// <summary>Its core knows the time, and rightly, for a while.</summary>
    public bool KnowsTime => App is not null && IsSynchronized && Math.Abs(_wall.ErrorMs) < ClockErrorMsMax && World.Queue.NowUs - ClockSetUs > 5 * VirtualTime.Second;

    /// <summary>No clock has reached its core since it began: neither by SNTP nor with a word of the hub.</summary>
    public bool HasNoTime => App is not null && !IsSynchronized && LinkChangedUs < StartedUs;

    /// <summary>Minute of the local day, so many minutes from now.</summary>
    public long LocalMinute(long inMin) => (World.UtcMs / 60_000) + BoardZones.UtcOffsetMin + inMin;

    /// <summary>The alarms of this contact are sent now, as they are without a clock; null when that cannot be known.</summary>
    public bool? IsArmed(BoardContact contact)
    {
        if (!contact.HasSchedule || HasNoTime)
        {
            return true;
        }

        var isArmed = contact.IsArmedAt(LocalMinute(-HoursEdgeMin) % 1_440);
        return KnowsTime && isArmed == contact.IsArmedAt(LocalMinute(HoursEdgeMin) % 1_440) ? isArmed : null;
    }
}
