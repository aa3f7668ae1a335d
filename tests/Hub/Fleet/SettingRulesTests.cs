using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Hub.Fleet;
using Gateway.Hub.Tests.Console;

namespace Gateway.Hub.Tests.Fleet;

/// <summary>The hub's table of settings is the protocol's: name for name, type for type, bound for bound [GW-42].</summary>
public sealed partial class SettingRulesTests
{
    [Fact]
    public void Every_setting_of_the_protocol_is_a_rule_with_the_same_bounds_and_the_other_way_round_GW42()
    {
        var protocol = File.ReadAllText(Path.Combine(Sources.HubFolder, "..", "..", "firmware", "PROTOCOL.md"));
        var table = protocol[protocol.IndexOf("Settings, schema 1.", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("A zone is written as words", StringComparison.Ordinal)];
        var described = new Dictionary<string, string>();
        foreach (Match row in Row().Matches(table))
        {
            foreach (Match name in Name().Matches(row.Groups[1].Value))
            {
                described[name.Groups[1].Value] = Form(row.Groups[2].Value.Replace("optional, ", "").Trim());
            }
        }

        Assert.True(described.Count >= 26, $"{described.Count} settings in the table");
        Assert.Equal(described.OrderBy(entry => entry.Key, StringComparer.Ordinal), SettingRules.All.ToDictionary(rule => rule.Name, Form).OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_default_is_within_its_own_bounds_and_all_defaults_together_are_taken()
    {
        var members = BoardSettings.Empty.Members.AddRange(SettingRules.All.Where(rule => rule.Default is not null).Select(rule => KeyValuePair.Create(rule.Name, rule.Default!)));
        Assert.Null(SettingRules.Check(new BoardSettings(members)));
    }

    private static string Form(SettingRule rule) => rule.Kind switch
    {
        SettingKind.Switch => "boolean",
        SettingKind.Number => $"{rule.Min}..{rule.Max}",
        _ => $"{rule.Min}..{rule.Max} chars",
    };

    private static string Form(string cell) => cell.StartsWith('±')
        ? string.Create(CultureInfo.InvariantCulture, $"-{cell[1..]}..{cell[1..]}")
        : cell.Replace(",", "");

    [GeneratedRegex(@"^\| ((?:`[A-Za-z0-9]+`(?:, )?)+) \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Za-z0-9]+)`")]
    private static partial Regex Name();
}
