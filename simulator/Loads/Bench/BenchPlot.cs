using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Loads.Bench;

/// <summary>Two drawings in one SVG: the rate beside other servers, and what a signal costs as the fleet grows. Readable without colour: every bar and point has its number.</summary>
internal static class BenchPlot
{
    private const int Width = 760;

    /// <summary>On the left, for the longest label.</summary>
    private const int Margin = 30;
    private const int BarHeight = 22;
    private const int BarStep = 34;
    private const int LabelWidth = 190;
    private const int BarsTop = 62;
    private const int CostHeight = 190;

    public static string Draw(JsonObject results)
    {
        var rates = Rates(results).ToList();
        var costs = Costs(results).ToList();
        var costTop = BarsTop + (rates.Count * BarStep) + 70;
        var svg = new StringBuilder();
        svg.AppendLine(Text($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{-Margin} 0 {Width + Margin} {costTop + CostHeight + 60}' font-family='sans-serif' font-size='14' role='img'>"));
        svg.AppendLine("<title>Signals per second beside other servers, and processor time per signal as the fleet grows</title>");
        svg.AppendLine(Text($"<rect x='{-Margin}' width='{Width + Margin}' height='{costTop + CostHeight + 60}' fill='white'/>"));
        svg.AppendLine("<text x='20' y='32' font-size='17' font-weight='bold'>Signals/s flat out, acknowledged as each server does</text>");
        DrawRates(svg, rates);
        svg.AppendLine(Text($"<text x='20' y='{costTop - 24}' font-size='17' font-weight='bold'>Hub's processor time per signal, microseconds, by number of boards</text>"));
        DrawCosts(svg, costs, costTop);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void DrawRates(StringBuilder svg, List<(string Name, double Rate)> rates)
    {
        var most = rates.Count == 0 ? 1 : rates.Max(rate => rate.Rate);
        for (var i = 0; i < rates.Count; i++)
        {
            var y = BarsTop + (i * BarStep);
            var width = rates[i].Rate / most * (Width - LabelWidth - 110);
            svg.AppendLine(Text($"<text x='{LabelWidth - 10}' y='{y + 16}' text-anchor='end'>{WebUtility.HtmlEncode(rates[i].Name)}</text>"));
            svg.AppendLine(Text($"<rect x='{LabelWidth}' y='{y}' width='{width:F0}' height='{BarHeight}' fill='{(rates[i].Name.StartsWith("hub", StringComparison.Ordinal) ? "#1f4e79" : "#9aa5b1")}'/>"));
            svg.AppendLine(Text($"<text x='{LabelWidth + width + 8:F0}' y='{y + 16}'>{rates[i].Rate:N0}</text>"));
        }
    }

    private static void DrawCosts(StringBuilder svg, List<(double Boards, double Micros)> costs, int top)
    {
        if (costs.Count == 0)
        {
            return;
        }

        // Boards by their logarithm, cost from zero: a flat line is a cost that does not grow.
        var (first, last) = (Math.Log10(costs[0].Boards), Math.Log10(costs[^1].Boards));
        var most = costs.Max(cost => cost.Micros) * 1.2;
        (double X, double Y) Place((double Boards, double Micros) cost) =>
            (90 + ((last > first ? (Math.Log10(cost.Boards) - first) / (last - first) : 0) * (Width - 180)), top + CostHeight - (cost.Micros / most * CostHeight));
        svg.AppendLine(Text($"<line x1='60' y1='{top + CostHeight}' x2='{Width - 40}' y2='{top + CostHeight}' stroke='#444'/>"));
        svg.AppendLine(Text($"<polyline fill='none' stroke='#1f4e79' stroke-width='2' points='{string.Join(' ', costs.Select(Place).Select(at => Text($"{at.X:F0},{at.Y:F0}")))}'/>"));
        foreach (var cost in costs)
        {
            var (x, y) = Place(cost);
            svg.AppendLine(Text($"<circle cx='{x:F0}' cy='{y:F0}' r='5' fill='#1f4e79'/>"));
            svg.AppendLine(Text($"<text x='{x:F0}' y='{y - 12:F0}' text-anchor='middle'>{cost.Micros:F1}</text>"));
            svg.AppendLine(Text($"<text x='{x:F0}' y='{top + CostHeight + 22}' text-anchor='middle'>{cost.Boards:N0} boards</text>"));
        }
    }

    /// <summary>A server that is not installed, or did not get through, has no figure and no bar.</summary>
    private static IEnumerable<(string Name, double Rate)> Rates(JsonObject results) =>
        from flood in results["ingest"]?["floods"] as JsonArray ?? []
        where flood["signalsPerSecond"] is not null
        select ($"{flood["server"]!.GetValue<string>()}, {Text($"{flood["connections"]!.GetValue<int>():N0}")} publishers", flood["signalsPerSecond"]!.GetValue<double>());

    private static IEnumerable<(double Boards, double Micros)> Costs(JsonObject results) =>
        from size in results["growth"]?["sizes"] as JsonArray ?? []
        select (size["boards"]!.GetValue<double>(), size["cpuMicrosPerSignal"]!.GetValue<double>());

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
