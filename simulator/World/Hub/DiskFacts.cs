using Gateway.Hub.Storage;

namespace Gateway.World.Hub;

/// <summary>An entry of the audit chain that tells of something a board did.</summary>
public readonly record struct DiskFact(string Device, string Kind, string Content);

/// <summary>What boards did, as a gateway's page has it and as the audit chain has it, read as it comes.</summary>
internal sealed class DiskFacts
{
    private const string Gateway = "gateway/";

    /// <summary>Lines of a gateway's page that are in the chain, too, and under which kind.</summary>
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["missing"] = "gateway.missing", ["found"] = "gateway.found", ["journalLost"] = "gateway.journalLost", ["conflict"] = "signal.conflict",
    };

    private readonly List<DiskFact> _entries = [];
    private long _read;

    /// <summary>Reading begins behind what is there.</summary>
    public void BeginAt(long line)
    {
        _read = line;
        _entries.Clear();
    }

    /// <summary>An entry of the chain.</summary>
    public void Note(string kind, string subject, string content)
    {
        if (Kinds.ContainsValue(kind))
        {
            _entries.Add(new DiskFact(subject[Gateway.Length..], kind, content));
        }
    }

    /// <summary>What came since the last look.</summary>
    public (List<(string Device, string Kind)> Lines, List<DiskFact> Entries) Take(Microsoft.Data.Sqlite.SqliteCommand newLines)
    {
        var lines = new List<(string, string)>();
        using (var reader = newLines.Set(_read).ExecuteReader())
        {
            while (reader.Read())
            {
                _read = reader.GetInt64(0);
                if (Kinds.TryGetValue(reader.GetString(2), out var kind))
                {
                    lines.Add((reader.GetString(1), kind));
                }
            }
        }

        List<DiskFact> entries = [.. _entries];
        _entries.Clear();
        return (lines, entries);
    }
}
