using System.Collections.Immutable;

namespace Gateway.Hub.Stations;

/// <summary>Where patrols must go, and when (S4): shifts, must-reach points and must-patrol lines. Empty where a station keeps none.</summary>
public sealed record PatrolPlan(ImmutableArray<Shift> Shifts, ImmutableArray<PatrolPoint> Points, ImmutableArray<PatrolLine> Lines)
{
    public static PatrolPlan None { get; } = new([], [], []);
}

/// <summary>A shift of every day, on the station's own clock.</summary>
/// <param name="FromMin">Minute of the day at which it begins, 0..1,439.</param>
/// <param name="ToMin">Minute at which it ends; not above <paramref name="FromMin"/> when it ends on the next day.</param>
public sealed record Shift(string Id, LocalText Name, int FromMin, int ToMin)
{
    private const int DayMin = 24 * 60;

    /// <summary>How long it lasts, 1..1,440 min.</summary>
    public int LengthMin => FromMin < ToMin ? ToMin - FromMin : ToMin - FromMin + DayMin;

    /// <summary>The run of this shift that contains the moment; null when it is another shift's time.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? RunAt(DateTimeOffset now, TimeSpan utcOffset)
    {
        var local = now.ToOffset(utcOffset);
        var midnight = new DateTimeOffset(local.Date, utcOffset);
        foreach (var day in new[] { 0, -1 })
        {
            var from = midnight.AddDays(day).AddMinutes(FromMin);
            var to = from.AddMinutes(LengthMin);
            if (from <= now && now < to)
            {
                return (from, to);
            }
        }

        return null;
    }
}

/// <summary>A place that a patrol must reach.</summary>
/// <param name="PerShift">How often in a shift, 1..24.</param>
/// <param name="EveryMin">After how many minutes without a check-in it is overdue; 0 for only at the shift's end.</param>
/// <param name="DeviceId">The gateway whose patrol key checks in here; empty for any gateway in the same village.</param>
public sealed record PatrolPoint(string Id, LocalText Name, string VillageId, int PerShift, int EveryMin, string DeviceId);

/// <summary>A way that a patrol must go. It counts as patrolled when each of its points was reached, or when somebody checks in for the whole line.</summary>
/// <param name="PointIds">2..20 points.</param>
public sealed record PatrolLine(string Id, LocalText Name, ImmutableArray<string> PointIds, int PerShift);
