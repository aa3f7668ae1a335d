using Gateway.Hub.Ingest;

namespace Gateway.World.Oracle;

/// <summary>What is known of the zones of a board: what was asked of them, what was to be measured, and what they have told.</summary>
internal sealed class ZoneLedger
{
    /// <summary>What doors and lines have told, in the order in which it came to the disk.</summary>
    public List<ZoneTold> Told { get; } = [];

    /// <summary>First presses, and whether they were made under test.</summary>
    public Dictionary<(Lane Lane, uint Epoch, uint Call), bool> Calls { get; } = [];

    /// <summary>Tests that were asked for and are not answered, by the id of the command.</summary>
    public Dictionary<string, (int Zone, long Minutes)> Asked { get; } = [];

    /// <summary>Tests that were asked for, and those that the board has said are on.</summary>
    public List<ZoneTest> Tests { get; } = [];

    /// <summary>What the converter read at the line of a zone, or at the battery (0), from when on.</summary>
    public List<(int Zone, int Incarnation, long LocalMs, int Millivolts)> Measured { get; } = [];

    /// <summary>Boots whose power took what the flash had refused.</summary>
    public HashSet<uint> LostBoots { get; } = [];

    /// <summary>When the power of each incarnation failed, by its own clock.</summary>
    public Dictionary<int, long> EndsMs { get; } = [];
}

/// <summary>A record of a zone on the hub's disk.</summary>
internal sealed record ZoneTold(Lane Lane, uint Epoch, uint Seq, int Zone, uint Boot, long UpMs, bool IsNormal, bool IsTest);

/// <summary>A zone is under test, by the board's own clock.</summary>
/// <param name="Id">Of the command that asks for it.</param>
/// <param name="IsSure">The board has said so; else it was only asked.</param>
internal sealed record ZoneTest(string Id, int Zone, int Incarnation, long FromMs, long UntilMs, bool IsSure);
