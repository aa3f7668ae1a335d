using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gateway.NanoFramework.Tests.Conformance;

/// <summary>Compiles sources as the board's project system would: C# 9, against the listed API and nothing else.</summary>
internal static class BoardCompilation
{
    static readonly Lazy<MetadataReference[]> references = new(() =>
        ReferenceAssembly.WriteAll(ApiListing.All).Select(pair => (MetadataReference)MetadataReference.CreateFromImage(pair.Value, filePath: pair.Key + ".dll")).ToArray());

    /// <summary>The firmware's files, by its projitems.</summary>
    public static string[] FirmwareFiles() => FilesOf("firmware/Gateway.Firmware.projitems");

    /// <summary>The compile items of a project file or projitems, as paths from the root of the checkout with forward slashes.</summary>
    public static string[] FilesOf(string project)
    {
        var folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
        return XDocument.Load(Path.Combine(Checkout.Root, project)).Descendants().Where(e => e.Name.LocalName == "Compile")
            .Select(e => e.Attribute("Include")!.Value.Replace("$(MSBuildThisFileDirectory)", "").Replace('\\', '/'))
            .Select(file => $"{folder}/{file}").ToArray();
    }

    public static CSharpCompilation OfFiles(string assembly, IEnumerable<string> files) =>
        Of(assembly, files.Select(file => (file, File.ReadAllText(Path.Combine(Checkout.Root, file)))));

    public static CSharpCompilation Of(string assembly, IEnumerable<(string Path, string Text)> sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp9, DocumentationMode.None);
        return CSharpCompilation.Create(assembly, sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, options, source.Path)), references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Disable));
    }

    /// <summary>Compiler errors, each with file, line and the compiler's words, or the image for the scan of what compiles but kills the runtime.</summary>
    public static string[] Errors(CSharpCompilation compilation, out byte[] image)
    {
        using var stream = new MemoryStream();
        // Emitting finds more than binding: what the compiler needs from the core library for itself.
        var result = compilation.Emit(stream);
        image = stream.ToArray();
        return result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(Describe).ToArray();
    }

    static string Describe(Diagnostic diagnostic)
    {
        var where = diagnostic.Location.GetLineSpan();
        return where.IsValid ? $"{where.Path}({where.StartLinePosition.Line + 1}): {diagnostic.Id} {diagnostic.GetMessage()}" : $"{diagnostic.Id} {diagnostic.GetMessage()}";
    }
}
