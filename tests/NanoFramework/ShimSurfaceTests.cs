using Gateway.NanoFramework.Board;
using Gateway.NanoFramework.Tests.Conformance;

namespace Gateway.NanoFramework.Tests;

/// <summary>What the desktop shims show is what the real packages show: the same names, signatures and values; what they leave out is listed with its reason.</summary>
public sealed class ShimSurfaceTests
{
    static readonly Dictionary<string, (string Type, HashSet<string> Members)> shims = ShimSurface.OfShims(typeof(VirtualHardware).Assembly.Location);
    static readonly Dictionary<string, (string Type, HashSet<string> Members)> listings = ShimSurface.OfListings(withObsolete: true);

    [Fact]
    public void Every_public_type_and_member_of_a_shim_is_in_the_listings()
    {
        var inventions = shims.Where(shim => !listings.TryGetValue(shim.Key, out var listed) || listed.Type != shim.Value.Type)
            .Select(shim => $"{shim.Key}: {shim.Value.Type}, listed: {(listings.TryGetValue(shim.Key, out var listed) ? listed.Type : "nowhere")}")
            .Concat(shims.Where(shim => listings.ContainsKey(shim.Key)).SelectMany(shim => shim.Value.Members.Except(listings[shim.Key].Members).Select(member => $"{shim.Key} {member}")))
            .ToList();

        Assert.True(shims.Count > 40, $"Only {shims.Count} shims found.");
        Assert.True(inventions.Count == 0, string.Join("\n", inventions));
    }

    [Fact]
    public void Every_listed_member_of_a_shimmed_type_is_there_or_left_out_for_a_stated_reason()
    {
        var exceptions = Exceptions();
        var current = ShimSurface.OfListings(withObsolete: false);
        var missing = shims.Where(shim => current.ContainsKey(shim.Key))
            .SelectMany(shim => current[shim.Key].Members.Except(shim.Value.Members).Select(member => $"{shim.Key} {member}")).ToList();
        var unexplained = missing.Where(line => !exceptions.Any(exception => line.StartsWith(exception, StringComparison.Ordinal))).ToList();
        var stale = exceptions.Where(exception => !missing.Any(line => line.StartsWith(exception, StringComparison.Ordinal))).ToList();

        Assert.True(unexplained.Count == 0, "Not in the shims and not in ShimExceptions.txt:\n" + string.Join("\n", unexplained));
        Assert.True(stale.Count == 0, "In ShimExceptions.txt, but nothing is missing:\n" + string.Join("\n", stale));
    }

    /// <summary>Lines "beginning of a member | reason".</summary>
    static List<string> Exceptions() =>
        File.ReadAllLines(Path.Combine(Checkout.Root, "tests", "NanoFramework", "ShimExceptions.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(" | ") is [var member, { Length: > 0 }] ? member : throw new FormatException($"No reason: {line}"))
            .ToList();
}
