using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.House.Tests;

/// <summary>firmware/PROTOCOL.md keeps its own rules, and firmware/asyncapi.yaml says the same, member by member, both ways.</summary>
public sealed class ProtocolTwin
{
    private static readonly ProtocolDocument Protocol = new();
    private static readonly YamlTree Twin = YamlTree.Read("firmware/asyncapi.yaml");

    /// <summary>Which tables of which section describe which messages.</summary>
    private static readonly (string Message, int Section, int[] Tables)[] Described =
    [
        ("signal", 4, [0]), ("birth", 5, [0]), ("heartbeat", 6, [0]), ("receipt", 7, [0]), ("notice", 8, [0]), ("result", 9, [2]), ("configReported", 10, [1, 2]), ("hubStatus", 11, [0]),
    ];

    [Fact]
    public void Assertions_are_numbered_without_gaps_and_every_citation_has_its_assertion()
    {
        Assert.Equal(Enumerable.Range(1, Protocol.Assertions.Count), Protocol.Assertions);
        Assert.True(Protocol.Assertions.Count >= 45, $"{Protocol.Assertions.Count} assertions");
        Assert.Empty(Protocol.Citations.Except(Protocol.Assertions));
    }

    [Fact]
    public void Every_example_carries_the_MAC_of_its_printed_bytes_under_the_test_key_GW9()
    {
        var checkedMacs = 0;
        foreach (var example in Protocol.Examples.Where(example => example.Topic != "hub/status"))
        {
            var tail = Regex.Match(example.Payload, ",\"mac\":\"([0-9a-f]{64})\"}$");
            Assert.True(tail.Success, example.Payload);
            var signed = Encoding.ASCII.GetBytes(example.Topic + "\0" + example.Payload[..tail.Index]);

            Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(Protocol.TestKey, signed)), tail.Groups[1].Value);
            checkedMacs++;
        }

        Assert.True(checkedMacs >= 13, $"{checkedMacs} MACs");
        Assert.All(Protocol.Examples.Where(example => example.Topic == "hub/status"), example => Assert.DoesNotContain("\"mac\"", example.Payload));
    }

    [Fact]
    public void The_bytes_of_the_worked_example_give_its_MAC_and_are_those_of_the_printed_will_GW9()
    {
        var lines = Regex.Match(Checkout.Read("firmware/PROTOCOL.md"), @"^((?:      (?:[0-9a-f]{2} ?)+\n)+)      -> ([0-9a-f ]+)$", RegexOptions.Multiline);
        var signed = Convert.FromHexString(Regex.Replace(lines.Groups[1].Value, @"\s", ""));
        var mac = lines.Groups[2].Value.Replace(" ", "");
        var will = Protocol.Examples.Single(example => example.Payload.Contains("\"offline\"") && example.Topic != "hub/status");

        Assert.Equal(mac, Convert.ToHexStringLower(HMACSHA256.HashData(Protocol.TestKey, signed)));
        Assert.Equal(will.Topic + "\0" + will.Payload, $"{Encoding.ASCII.GetString(signed)},\"mac\":\"{mac}\"}}");
    }

    [Fact]
    public void The_names_of_faults_are_those_of_the_reference_firmware()
    {
        var listed = ProtocolDocument.Names(Regex.Match(Checkout.Read("firmware/PROTOCOL.md"), @"^Names of faults:(.*?)\.", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value);
        var named = Regex.Matches(Checkout.Read("firmware/Supervision/FaultId.cs"), "case [A-Za-z]+: return \"([a-z-]+)\"").Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count >= 19, $"{named.Count} names");
        Assert.Equal(named.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_example_is_flat_ASCII_within_the_general_bounds_GW5_GW6()
    {
        foreach (var example in Protocol.Examples)
        {
            Assert.All(example.Payload, c => Assert.InRange(c, ' ', '~'));
            Assert.DoesNotContain('\\', example.Payload);
            Assert.True(example.Payload.Length <= BytesMax(example.Address), example.Topic);
            using var parsed = JsonDocument.Parse(example.Payload);
            var members = parsed.RootElement.EnumerateObject().ToList();
            Assert.InRange(members.Count, 1, 48);
            Assert.Equal(members.Count, members.Select(member => member.Name).Distinct().Count());
            Assert.All(members, member => Assert.True(member.Name.Length <= 24 && member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null), member.ToString()));
        }
    }

    [Fact]
    public void Every_example_is_within_the_bounds_of_its_message_in_the_twin()
    {
        foreach (var example in Protocol.Examples)
        {
            using var parsed = JsonDocument.Parse(example.Payload);
            var schema = MessageOf(example.Address, parsed.RootElement)["payload"];
            var members = parsed.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);

            Assert.Empty(schema["required"].Items.Select(item => item.Text).Except(members.Keys));
            foreach (var (name, value) in members)
            {
                Assert.True(schema["properties"].Has(name), $"{name} of {example.Topic} is not in asyncapi.yaml");
                var offence = MemberBounds.Offence(value, schema["properties"][name]);
                Assert.True(offence is null, $"{example.Topic}, {name}: {offence}");
            }
        }
    }

    [Fact]
    public void The_twin_prints_the_same_examples()
    {
        var printed = Protocol.Examples.Select(example => Canonical(example.Payload)).Order(StringComparer.Ordinal);
        var twin = Twin["components"]["messages"].Names.Select(name => Twin["components"]["messages"][name])
            .Where(message => message.Has("examples")).SelectMany(message => message["examples"].Items)
            .Select(example => Canonical(example["payload"]));

        Assert.Equal(printed, twin.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_topic_is_a_channel_with_the_same_direction_QoS_retain_and_size()
    {
        var topics = Protocol.Tables(1)[1].Select(row => $"{ProtocolDocument.Names(row[0])[0]} from {row[1]}, QoS {row[2]}, retained {row[3]}, {row[4].Replace(",", "")} bytes");
        var operations = Twin["operations"].Names.Select(name => Twin["operations"][name]).Select(operation =>
        {
            var mqtt = operation["bindings"]["mqtt"];
            return $"{operation["channel"]["address"].Text} from {(operation["action"].Text == "send" ? "board" : "hub")}, QoS {mqtt["qos"].Text}, "
                + $"retained {(mqtt["retain"].Text == "true" ? "yes" : "no")}, {operation["channel"]["x-bytesMax"].Text} bytes";
        }).ToList();

        Assert.Equal(topics.Order(StringComparer.Ordinal), operations.Order(StringComparer.Ordinal));
        Assert.Equal(Twin["channels"].Names.Count(), operations.Count);
    }

    [Fact]
    public void Every_member_of_the_tables_is_in_the_twin_with_the_same_bounds_and_the_other_way_round()
    {
        var compared = 0;
        foreach (var (message, section, tables) in Described)
        {
            var rows = tables.SelectMany(table => Protocol.Tables(section)[table]);
            compared += AssertSame(message, MembersOf(rows).Where(member => member.Key != "first").ToDictionary());
        }

        Assert.True(compared >= 90, $"{compared} members");
    }

    [Fact]
    public void A_configuration_may_name_any_setting_and_needs_none_GW42()
    {
        var members = MembersOf(Protocol.Tables(10)[0]);
        foreach (var (name, setting) in MembersOf(Protocol.Tables(10)[2]))
        {
            members[name] = (setting.Bounds, true);
        }

        AssertSame("config", members);
    }

    [Fact]
    public void A_gap_and_a_will_have_the_members_that_their_assertions_name()
    {
        var signal = MembersOf(Protocol.Tables(4)[0]);
        var gap = new[] { "lane", "epoch", "seq", "first" }.ToDictionary(name => name, name => signal[name]);
        gap["kind"] = ("enum gap", false);
        var will = new Dictionary<string, (string, bool)> { ["state"] = ("enum offline", false), ["session"] = ("hex 16", false) };

        AssertSame("gap", gap);
        AssertSame("will", will);
    }

    [Fact]
    public void Every_command_is_a_message_with_its_further_members()
    {
        var common = MembersOf(Protocol.Tables(9)[0]);
        var signal = MembersOf(Protocol.Tables(4)[0]);
        var commands = Protocol.Tables(9)[1];

        Assert.Equal(common["command"].Bounds, "enum " + string.Join('|', commands.Select(row => ProtocolDocument.Names(row[0])[0]).Order(StringComparer.Ordinal)));
        Assert.Equal(commands.Select(row => ProtocolDocument.Names(row[0])[0]).Order(StringComparer.Ordinal), Twin["channels"]["command"]["messages"].Names.Order(StringComparer.Ordinal));
        foreach (var row in commands)
        {
            var name = ProtocolDocument.Names(row[0])[0];
            var members = new Dictionary<string, (string, bool)>(common) { ["command"] = ("enum " + name, false) };
            foreach (Match further in Regex.Matches(row[1], @"`(\w+)`(?: ([\d,]+\.\.[\d,]+))?"))
            {
                members[further.Groups[1].Value] = further.Groups[2].Value is { Length: > 0 } bounds ? (MemberBounds.OfCell(bounds)!, false) : signal[further.Groups[1].Value];
            }

            AssertSame(name, members);
        }
    }

    [Fact]
    public void The_known_kinds_and_states_are_the_same()
    {
        var signal = Twin["components"]["schemas"]["Signal"]["properties"];
        var kinds = Protocol.Tables(4)[1].SelectMany(row => ProtocolDocument.Names(row[0]));
        var states = ProtocolDocument.Names(Protocol.Tables(4)[0].Single(row => row[0] == "`state`")[2]);

        Assert.Equal(kinds, signal["kind"]["x-known"].Items.Select(item => item.Text));
        Assert.Equal(states, signal["state"]["x-known"].Items.Select(item => item.Text));
    }

    /// <summary>The members of a table: bounds in one form, and whether they are optional. What refers to another section is looked up there.</summary>
    private static Dictionary<string, (string Bounds, bool Optional)> MembersOf(IEnumerable<string[]> rows)
    {
        var members = new Dictionary<string, (string, bool)>();
        foreach (var row in rows)
        {
            var optional = row[1].StartsWith("optional, ", StringComparison.Ordinal);
            var cell = optional ? row[1]["optional, ".Length..] : row[1];
            foreach (var name in ProtocolDocument.Names(row[0]))
            {
                members[name] = MemberBounds.OfCell(cell) is { } bounds ? (bounds, optional) : Referred(name, cell);
            }
        }

        return members;
    }

    private static (string Bounds, bool Optional) Referred(string name, string cell)
    {
        var section = Regex.Match(cell, @"^as in section (\d+)$");
        Assert.True(section.Success, $"`{name}`: \"{cell}\" is neither a bound nor \"as in section n\"");
        return MembersOf(Protocol.Tables(int.Parse(section.Groups[1].Value))[0].Where(row => ProtocolDocument.Names(row[0]).Contains(name)))[name];
    }

    private static int AssertSame(string message, IReadOnlyDictionary<string, (string Bounds, bool Optional)> members)
    {
        var shared = MembersOf(Protocol.Tables(2)[0]);
        var expected = new Dictionary<string, (string Bounds, bool Optional)>(members) { ["v"] = shared["v"] };
        if (message != "hubStatus")
        {
            expected["mac"] = shared["mac"];
        }

        var schema = Twin["components"]["messages"][message]["payload"];
        var required = schema["required"].Items.Select(item => item.Text).ToHashSet();
        Assert.Equal(
            expected.Select(member => $"{message}.{member.Key}: {member.Value.Bounds}{(member.Value.Optional ? ", optional" : "")}").Order(StringComparer.Ordinal),
            schema["properties"].Names.Select(name => $"{message}.{name}: {MemberBounds.OfSchema(schema["properties"][name])}{(required.Contains(name) ? "" : ", optional")}").Order(StringComparer.Ordinal));
        return expected.Count;
    }

    /// <summary>The message of a channel whose constants a payload has.</summary>
    private static YamlTree MessageOf(string address, JsonElement payload)
    {
        var channel = Twin["channels"].Names.Select(name => Twin["channels"][name]).Single(candidate => candidate["address"].Text == address);
        var fitting = channel["messages"].Names.Select(name => channel["messages"][name]).Where(message =>
        {
            var properties = message["payload"]["properties"];
            return properties.Names.Where(name => properties[name].Has("const") && properties[name]["type"].Text == "string")
                .All(name => payload.TryGetProperty(name, out var value) && value.GetString() == properties[name]["const"].Text);
        }).ToList();

        // A gap is a signal with a constant kind: the message with the most constants is the one.
        return fitting.MaxBy(message => message["payload"]["properties"].Names.Count(name => message["payload"]["properties"][name].Has("const")))!;
    }

    private static int BytesMax(string address) =>
        int.Parse(Protocol.Tables(1)[1].Single(row => ProtocolDocument.Names(row[0])[0] == address)[4].Replace(",", ""));

    private static string Canonical(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return string.Join(", ", parsed.RootElement.EnumerateObject().Select(member => $"{member.Name}={(member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText())}"));
    }

    private static string Canonical(YamlTree payload) => string.Join(", ", payload.Names.Select(name => $"{name}={payload[name].Text}"));
}
