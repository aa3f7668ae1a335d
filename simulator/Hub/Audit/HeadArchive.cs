using System.Globalization;

namespace Gateway.Hub.Audit;

/// <summary>
/// The exported heads: a file per year in one folder, a line per head, appended and flushed. An hourly head makes 4 MB a year. Nothing is ever deleted: copy
/// the folder, or the newest line, to where the hub's machine cannot write.
/// </summary>
public sealed class HeadArchive(string folder)
{
    /// <summary>Name of the folder when the hub is told no other.</summary>
    public const string DefaultFolder = "audit-heads";

    private const string Pattern = "audit-heads-*.jsonl";

    /// <summary>Larger than a century of hourly heads in one file: a file beyond it is none of ours.</summary>
    private const long FileBytesMax = 512L * 1024 * 1024;

    public string Folder { get; } = folder;

    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Append(AuditHead head)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, $"audit-heads-{head.At.UtcDateTime.Year.ToString(CultureInfo.InvariantCulture)}.jsonl");
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        using var writer = new StreamWriter(file);

        // A power cut may tear the last line: a line that is no head is told by its number, and harms no other. The next one begins with a line of its own.
        writer.Write(file.Length > 0 && !EndsWithNewLine(path) ? "\n" : "");
        writer.Write(head.ToLine() + "\n");
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    /// <summary>The newest head; null before the first.</summary>
    public AuditHead? Newest() => Files().Reverse().Select(path => ReadLines(path).Select(AuditHead.Read).LastOrDefault(head => head is not null)).FirstOrDefault(head => head is not null);

    /// <summary>The files of heads, oldest first.</summary>
    public IEnumerable<string> Files() =>
        Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, Pattern).Order(StringComparer.Ordinal) : [];

    /// <summary>The lines of a file of heads; another program may be writing it.</summary>
    /// <exception cref="IOException">It cannot be read, or is no file of heads.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length > FileBytesMax)
        {
            throw new IOException($"{path} is too large to be a file of heads");
        }

        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }

    private static bool EndsWithNewLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
