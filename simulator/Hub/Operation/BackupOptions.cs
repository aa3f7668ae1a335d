namespace Gateway.Hub.Operation;

/// <summary>Backups by the clock.</summary>
public sealed record BackupOptions
{
    /// <summary>Where the copies of the database go: another disk, or a folder that is fetched from elsewhere.</summary>
    public required string Folder { get; init; }

    /// <summary>Hours between two backups, 1..168.</summary>
    public int EveryHours { get; init; } = 24;

    /// <summary>Copies kept, 1..1000; the oldest go.</summary>
    public int Keep { get; init; } = 14;
}
