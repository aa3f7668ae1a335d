using System.Globalization;

namespace Gateway.World.Boards;

/// <summary>A contact at the box that a zone watches.</summary>
/// <param name="Input">Of the board's digital inputs.</param>
/// <param name="Word">The input's name in the settings.</param>
/// <param name="IsLife">Its signals travel with the calls, and at most one in 10 s.</param>
/// <param name="DisarmMin">Minute of the local day from which its alarms are not sent; that of <paramref name="ArmMin"/> when they always are.</param>
public sealed record BoardContact(int Input, string Word, string Kind, int Zone, bool IsLife = false, int DisarmMin = 0, int ArmMin = 0)
{
    public const string Patrol = "patrol";
    public const string Door = "door";

    private const int DayMin = 1_440;

    public bool HasSchedule => DisarmMin != ArmMin;

    /// <summary>As the board is provisioned.</summary>
    public string Provisioning => $"\"zone{Zone}\":\"{Word} {Kind}{(IsLife ? " life" : "")}{(HasSchedule ? $" disarm={Clock(DisarmMin)}-{Clock(ArmMin)}" : "")}\"";

    public bool IsArmedAt(long localMin) => (localMin - DisarmMin + (2 * DayMin)) % DayMin >= (ArmMin - DisarmMin + DayMin) % DayMin;

    /// <summary>From this minute of the local day until its alarms are sent again.</summary>
    public long UntilArmedMin(long localMin) => (ArmMin - localMin + (2 * DayMin)) % DayMin;

    private static string Clock(int min) => string.Create(CultureInfo.InvariantCulture, $"{min / 60:00}{min % 60:00}");
}
