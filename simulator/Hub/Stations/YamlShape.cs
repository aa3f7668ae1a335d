using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gateway.Hub.Stations;

/// <summary>What a YAML file may look like before anything in it is read.</summary>
internal static class YamlShape
{
    private const int DepthMax = 8;

    /// <summary>Judges nesting and aliases by the events, before any tree is built: neither a deep nor a folded file costs memory or stack.</summary>
    public static bool Judge(string text, string file, List<StationFileError> errors)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            var at = parser.Current!;
            depth += at.NestingIncrease;
            if (at is AnchorAlias || at is NodeEvent { Anchor.IsEmpty: false })
            {
                errors.Add(new(file, (int)at.Start.Line, "Anchors and aliases are not allowed: write it out."));
                return false;
            }

            // The stream and the document count for one each.
            if (depth > DepthMax + 2)
            {
                errors.Add(new(file, (int)at.Start.Line, $"Nested deeper than {DepthMax}."));
                return false;
            }
        }

        return true;
    }
}
