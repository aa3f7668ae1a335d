using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gateway.World.Tests;

/// <summary>The world with a patched hub or firmware in it, compiled in memory; everything else is shared with the tests.</summary>
internal sealed class MutatedHouse(string assembly, byte[] image) : AssemblyLoadContext(isCollectible: true)
{
    private const string Firmware = "Gateway.Firmware.Desktop";
    private const string Hub = "Gateway.Hub";
    private const string Mqtt = "Gateway.Mqtt";

    /// <summary>Rooms of the hub that no simulated world enters: pages, web addresses and the process around them.</summary>
    private static readonly string[] NotCompiled = ["Console/", "Api/", "Field/", "HubHost.cs", "StationBench.cs"];

    private static readonly System.Text.RegularExpressions.Regex GeneratedPattern =
        new(@"\[GeneratedRegex\((.*)\)\]\s*private static partial Regex Form\(\);", System.Text.RegularExpressions.RegexOptions.CultureInvariant);

    /// <summary>Lines of a log, whose bodies a generator would write: nothing is logged here.</summary>
    private static readonly System.Text.RegularExpressions.Regex GeneratedLog =
        new(@"partial void (Log\w+)\(([^;{]*)\);", System.Text.RegularExpressions.RegexOptions.CultureInvariant);

    private static readonly ConcurrentDictionary<string, byte[]> Images = new(StringComparer.Ordinal);

    public static string Root { get; } = FindRoot();

    public static MutatedHouse Compile(SourceMutant mutant)
    {
        var assembly = mutant.File.StartsWith("firmware/", StringComparison.Ordinal) ? Firmware : mutant.File.StartsWith("simulator/Mqtt/", StringComparison.Ordinal) ? Mqtt : Hub;
        return new MutatedHouse(assembly, Images.GetOrAdd(mutant.Name, _ => assembly == Firmware ? CompileFirmware(mutant) : CompileDesktop(assembly, mutant)));
    }

    protected override Assembly? Load(AssemblyName name) => name.Name switch
    {
        _ when name.Name == assembly => LoadFromStream(new MemoryStream(image)),
        // Whoever names types of a patched assembly must find the patched ones.
        Firmware or Hub or Mqtt or "Gateway.World" or "Gateway.VirtualBoard" => LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, name.Name + ".dll")),
        _ => null,
    };

    /// <summary>What a room is compiled with: everything that the tests have, but itself. Of two assemblies that have a class of one name it sees the one that it is built with.</summary>
    public static IEnumerable<MetadataReference> ReferencesOf(string assembly)
    {
        var stranger = assembly == Firmware ? "System.IO.Hashing" : "Gateway.NanoFramework";
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) is var name && name != assembly && name != stranger)
            .Select(static path => MetadataReference.CreateFromFile(path));
    }

    private static byte[] CompileFirmware(SourceMutant mutant)
    {
        var folder = Path.Combine(Root, "firmware");
        var paths = XDocument.Load(Path.Combine(folder, "Gateway.Firmware.projitems")).Descendants()
            .Where(static element => element.Name.LocalName == "Compile")
            .Select(static element => element.Attribute("Include")!.Value.Replace("$(MSBuildThisFileDirectory)", ""));
        return Emit(Firmware, paths.Select(path => "firmware/" + path), new CSharpParseOptions(LanguageVersion.CSharp9), mutant, []);
    }

    private static byte[] CompileDesktop(string assembly, SourceMutant mutant)
    {
        const string surroundings = """
            global using global::System;
            global using global::System.Collections.Generic;
            global using global::System.IO;
            global using global::System.Linq;
            global using global::System.Net.Http;
            global using global::System.Threading;
            global using global::System.Threading.Tasks;
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Gateway.World")]
            """;
        var room = "simulator/" + assembly[(assembly.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var folder = Path.Combine(Root, room);
        var paths = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(static path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
            .Where(static path => !NotCompiled.Any(left => path.StartsWith(left, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        var options = new CSharpParseOptions(LanguageVersion.Preview);

        // The one name that a compiled room takes from the process around it.
        const string process = "namespace Gateway.Hub { internal static class HubHost { public const string SessionFile = \"\"; } }";
        return Emit(assembly, paths.Select(path => room + "/" + path), options, mutant,
            [CSharpSyntaxTree.ParseText(surroundings, options), CSharpSyntaxTree.ParseText(assembly == Hub ? process : "", options)]);
    }

    private static byte[] Emit(string assembly, IEnumerable<string> paths, CSharpParseOptions options, SourceMutant mutant, IEnumerable<SyntaxTree> surroundings)
    {
        var trees = paths.Select(path => CSharpSyntaxTree.ParseText(Source(path, mutant), options, path)).Concat(surroundings);
        var nullable = assembly == Firmware ? NullableContextOptions.Disable : NullableContextOptions.Enable;
        var compilation = CSharpCompilation.Create(
            assembly, trees, ReferencesOf(assembly),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: nullable));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error).Take(20)));
        return image.ToArray();
    }

    private static string Source(string path, SourceMutant mutant)
    {
        var text = File.ReadAllText(Path.Combine(Root, path)).Replace("\r\n", "\n");

        // The only generated source of the compiled rooms: its pattern is made at run time instead.
        text = path == "simulator/Hub/Fleet/ZoneText.cs" ? GeneratedPattern.Replace(text, "private static System.Text.RegularExpressions.Regex Form() => new($1);") : text;
        text = path.StartsWith("simulator/Mqtt/", StringComparison.Ordinal) ? GeneratedLog.Replace(text, "void $1($2) { }") : text;
        return path == mutant.File ? text.Replace(mutant.Sound, mutant.Faulty) : text;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Gateway.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
