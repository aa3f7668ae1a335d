using System.Reflection;
using System.Runtime.Loader;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gateway.World.Tests;

/// <summary>
/// The proof proves something: for each fault planted into the firmware's sources, compiled in memory and run by the same proof, it finds
/// violations. Without a fault it finds none (JournalProofTests).
/// </summary>
public sealed class PlantedFaultTests
{
    const int Seed = 3;
    const string FirmwareAssembly = "Gateway.Firmware.Desktop";

    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "skip the CRC", "Journal/RecordCodec.cs", "|| LittleEndian.Get32(buffer, at + ChecksumAt) != Checksum(lane, epoch, buffer, at, ChecksumAt))", ")" },
        { "count an append before its close", "Journal/SegmentWriter.cs", "if (!IsThere(name, position, offset, bytes))", "if (name == null)" },
        { "forget the numbers found on flash", "Journal/Lane.cs", "if (end > _next)", "if (end > 100000u)" },
        { "append behind a torn record", "Journal/Lane.cs", "_tailClosed = !soundHeader || !whole;", "_tailClosed = !soundHeader;" },
        { "go on behind a record that failed", "Journal/Lane.cs", "_tailClosed = true;\n                return false;", "return false;" },
        { "evict a call", "Journal/SignalJournal.cs", "CallReserveSegments, false, flash", "CallReserveSegments, true, flash" },
        { "delete before the latch is saved", "Journal/SignalJournal.cs", "return (lane == _calls ? _savedCalls : _savedEvents) == lane.Acknowledged;", "return true;" },
        { "replay the latch one record short", "Journal/JournalRecovery.cs", "seq >= latchFrom", "seq > latchFrom" },
        { "forget a reset", "Journal/LatchedCall.cs", "record.Kind == SignalKind.Reset && record.Call == Call", "record.Kind == SignalKind.Reset && record.Call == 0" },
        { "write both states into one file", "Journal/StateFile.cs", "_flash.Write(_newestIsA ? NameB : NameA", "_flash.Write(NameA" },
        { "believe any state file", "Journal/StateFile.cs", "&& LittleEndian.Get32(_buffer, ChecksumAt) == _codec.Checksum(Salt, 0, _buffer, 0, ChecksumAt);", ";" },
        { "take all for acknowledged after a boot", "Journal/Lane.cs", "_acknowledged = known ? acknowledged : Oldest - 1;", "_acknowledged = _next - 1;" },
        { "use a boot number twice", "Journal/SignalJournal.cs", "(uint)BootMargin : 1;", "(uint)BootMargin : 0;" },
        { "say nothing of damage", "Journal/JournalRecovery.cs", "report.DamagedRecords++;", "report.DamagedRecords += 0;" },
        { "draw new epochs at each boot", "Journal/JournalRecovery.cs", "lane.Begin(epoch == 0 ? DrawEpoch(_random) : epoch, nextAtLeast);", "lane.Begin(DrawEpoch(_random), nextAtLeast);" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void The_proof_finds_it(string fault, string file, string sound, string faulty)
    {
        var assembly = new FaultyHouse(Compile(file, sound, faulty)).LoadFromAssemblyPath(typeof(Journal.JournalProof).Assembly.Location);

        Assert.True(Finds(assembly), $"\"{fault}\" in {file} was not found, seed {Seed}");
    }

    /// <summary>An exception out of the proof counts as found, too: a fault may break it outright.</summary>
    static bool Finds(Assembly world)
    {
        var proof = world.GetType("Gateway.World.Journal.JournalProof")!.GetMethod("FindsViolation")!;
        try
        {
            return (bool)proof.Invoke(null, [Seed, 2, 20_000L])!;
        }
        catch (TargetInvocationException)
        {
            return true;
        }
    }

    static byte[] Compile(string file, string sound, string faulty)
    {
        var root = Root();
        var firmware = Path.Combine(root, "firmware");
        var options = new CSharpParseOptions(LanguageVersion.CSharp9);
        var trees = XDocument.Load(Path.Combine(firmware, "Gateway.Firmware.projitems")).Descendants()
            .Where(element => element.Name.LocalName == "Compile")
            .Select(element => element.Attribute("Include")!.Value.Replace("$(MSBuildThisFileDirectory)", ""))
            .Select(path => CSharpSyntaxTree.ParseText(Source(firmware, path, file, sound, faulty), options, path))
            .ToArray();
        var compilation = CSharpCompilation.Create(FirmwareAssembly, trees, MutatedHouse.ReferencesOf(FirmwareAssembly), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }

    static string Source(string firmware, string path, string file, string sound, string faulty)
    {
        var text = File.ReadAllText(Path.Combine(firmware, path)).Replace("\r\n", "\n");
        if (path != file) return text;
        Assert.True(text.Split(sound).Length == 2, $"the sound text is not exactly once in {file}: {sound}");
        return text.Replace(sound, faulty);
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Gateway.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    /// <summary>The world with another firmware in it; everything else is shared with the tests.</summary>
    sealed class FaultyHouse(byte[] firmware) : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName name) => name.Name == FirmwareAssembly ? LoadFromStream(new MemoryStream(firmware)) : null;
    }
}
