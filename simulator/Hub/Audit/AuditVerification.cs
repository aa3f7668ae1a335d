using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Audit;

/// <summary>The check of a data folder from outside of its hub, told in sentences: the command line's <c>verify</c>.</summary>
public static class AuditVerification
{
    /// <summary>The chain and every head hold.</summary>
    public const int Holds = 0;

    /// <summary>Something was changed, cut or removed.</summary>
    public const int Broken = 1;

    /// <summary>It could not be checked.</summary>
    public const int Unusable = 2;

    /// <param name="dataFolder">A hub's data folder; the hub may be running.</param>
    /// <param name="headFile">A file of heads, or a folder of such files, that was kept elsewhere; null for the folder's own archive, which proves nothing against somebody who could write it.</param>
    /// <param name="archiveFolder">Where this hub exports its heads, if that is not the folder in its data (`auditHeads` of its configuration).</param>
    public static int Run(string dataFolder, string? headFile, TextWriter output, string? archiveFolder = null)
    {
        try
        {
            using var connection = HubDatabase.ConnectForReading(dataFolder);
            var hub = connection.ScalarText("SELECT value FROM meta WHERE name = 'hub'") ?? "";
            var folder = headFile is null ? archiveFolder ?? Path.Combine(dataFolder, HeadArchive.DefaultFolder) : Directory.Exists(headFile) ? headFile : null;
            var files = folder is not null ? new HeadArchive(folder).Files().ToList() : [headFile!];
            var heads = files.SelectMany(path => HeadArchive.ReadLines(path).Select((line, index) => ($"{path}:{index + 1}", line))).ToList();
            var publicKey = AuditSigner.PublicKeyOf(dataFolder);
            var report = AuditCheck.Run(connection, heads, hub, publicKey);
            Tell(report, heads.Count, headFile is not null, publicKey, output);
            if (heads.Count > 0 || !report.Holds)
            {
                return report.Holds ? Holds : Broken;
            }

            output.WriteLine(headFile is not null
                ? "BROKEN: the file holds no head."
                : $"CANNOT BE CHECKED: no head is in {folder}, so a chain cut at its end, or written anew as a whole, would look like this one. Every hub exports one at its start: "
                    + "if this one does so elsewhere (`auditHeads` of its configuration), check with --config FILE or --head FOLDER; if not, somebody removed them.");
            return headFile is not null ? Broken : Unusable;
        }
        catch (Exception e) when (e is HubStartException or IOException or UnauthorizedAccessException or SqliteException)
        {
            output.WriteLine("CANNOT BE CHECKED: " + e.Message);
            return Unusable;
        }
    }

    private static void Tell(AuditReport report, int heads, bool isKeptElsewhere, string? publicKey, TextWriter output)
    {
        var chain = report.Chain;
        output.WriteLine(chain switch
        {
            { BrokenAt: { } at } => FormattableString.Invariant($"BROKEN: entry {at} does not follow from what is before it: it, or one before it, was edited, removed, swapped or added. Entries 1 to {chain.Entries} hold."),
            { ErasedInSilence: { } at } => FormattableString.Invariant($"BROKEN: the content of entry {at} is gone, and no entry says who erased it."),
            _ => FormattableString.Invariant($"The chain of {chain.Entries} entries is whole; {chain.Erased} contents were erased, each named by an entry."),
        });
        foreach (var offence in report.Offences)
        {
            output.WriteLine($"{offence.Where}: {Sentence(offence, chain)}");
        }

        foreach (var restore in report.Restores)
        {
            output.WriteLine(FormattableString.Invariant(
                $"RESTORED at {restore.At:yyyy-MM-dd HH:mm:ss} UTC from {restore.Backup} (entry {restore.Seq}): {restore.Heads} heads of after that backup no longer fit. If nobody restored this hub then, somebody cut its chain."));
        }

        if (heads == 0)
        {
            return;
        }

        output.WriteLine(FormattableString.Invariant($"{report.HeadsHeld} of {heads} heads hold{(publicKey is null ? "" : $", key {AuditHead.FingerprintOf(publicKey)}")}."));
        if (report.ProvenThrough > 0)
        {
            output.WriteLine(FormattableString.Invariant($"Proven through entry {report.ProvenThrough}, signed {report.ProvenAt:yyyy-MM-dd HH:mm:ss} UTC; the {chain.Entries - report.ProvenThrough} entries after it prove nothing yet."));
        }

        if (!isKeptElsewhere)
        {
            output.WriteLine("These are the heads that the hub itself keeps: whoever can write them and its data can forge both. Use --head with a file that was kept elsewhere.");
        }
    }

    private static string Sentence(HeadOffence offence, AuditVerdict chain) => offence.Finding switch
    {
        HeadFinding.Unreadable => "this line is no head.",
        HeadFinding.BadSignature => "the signature is wrong: this head was edited.",
        HeadFinding.ForeignKey => $"signed by another key ({offence.Head!.Fingerprint}) than this hub's.",
        HeadFinding.OtherHub => $"this head is of the hub {offence.Head!.Hub}.",
        HeadFinding.Cut => FormattableString.Invariant($"CUT: at {offence.Head!.At:yyyy-MM-dd HH:mm:ss} UTC the chain had {offence.Head.Entries} entries; {chain.Entries} hold now."),
        HeadFinding.Rewritten => FormattableString.Invariant($"REWRITTEN: entry {offence.Head!.Entries} is not the one that was signed at {offence.Head.At:yyyy-MM-dd HH:mm:ss} UTC."),
        _ => throw new ArgumentOutOfRangeException(nameof(offence), offence.Finding, "a finding without a sentence"),
    };
}
