using System.Text.RegularExpressions;
using Gateway.Hardware.Data;

namespace Gateway.Hardware.Tests;

public sealed partial class PinMapTests
{
    public static TheoryData<string> Boards => [.. Room.Data.PinMap.Boards.Select(b => b.Id)];

    private static PinRules Rules => Room.Data.PinMap.Rules;

    [Fact]
    public void Every_input_and_indicator_of_the_ports_has_a_pin_on_the_first_board()
    {
        var board = Room.Data.PinMap.Boards[0];
        Assert.Equal(Constants("firmware/Ports/InputId.cs"), Names(board, "input"));
        Assert.Equal(Constants("firmware/Ports/IndicatorId.cs"), Names(board, "output"));
    }

    [Fact]
    public void The_firmware_pin_map_holds_exactly_the_pins_of_the_data()
    {
        var board = Room.Data.PinMap.Boards.Single(b => b.PinMapClass == "PinMap");
        var expected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var f in board.Functions)
        {
            expected[f.Function + "Pin"] = f.Gpio!.Value;
            if (f.AdcChannel is not null)
            {
                expected[f.Function + "AdcChannel"] = f.AdcChannel.Value;
            }
        }

        var source = Room.Read("firmware/Esp32/PinMap.cs");
        var actual = new SortedDictionary<string, int>(
            IntConstant().Matches(source).ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].Value, null)),
            StringComparer.Ordinal);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_firmware_asserts_high_exactly_the_inputs_that_the_data_asserts_high()
    {
        var source = Room.Read("firmware/Esp32/PinMap.cs");
        var method = source[source.IndexOf("bool IsAssertedHigh", StringComparison.Ordinal)..];
        var actual = InputName().Matches(method).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal);
        var expected = Room.Data.PinMap.Boards[0].Functions
            .Where(f => f.Kind == "input" && f.AssertedLevel == "high")
            .Select(f => f.Function)
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void No_pin_is_used_twice_and_none_that_is_reserved(string id)
    {
        var board = Board(id);
        var used = board.Functions.Where(f => f.Gpio is not null).Select(f => f.Gpio!.Value).ToList();
        Assert.Equal(used.Count, used.Distinct().Count());
        Assert.Empty(used.Intersect(board.Reserved.Select(r => r.Gpio)));
        Assert.Subset(board.Reserved.Select(r => r.Gpio).ToHashSet(), Rules.Flash.Concat(Rules.Debugger).ToHashSet());
        var expander = board.Functions.Where(f => f.ExpanderPin is not null).Select(f => f.ExpanderPin).ToList();
        Assert.Equal(expander.Count, expander.Distinct().Count());
        Assert.All(board.Functions, f => Assert.True(f.Gpio is null != f.ExpanderPin is null, $"{f.Function}: one of gpio and expanderPin"));
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void Outputs_stay_off_input_only_pins_and_analogue_inputs_stay_on_ADC1(string id)
    {
        foreach (var f in Board(id).Functions.Where(f => f.Gpio is not null))
        {
            if (f.Kind is "output" or "bus" || f.Function == "ServiceTx")
            {
                Assert.False(Rules.InputOnly.Contains(f.Gpio!.Value), $"{f.Function} on input-only GPIO {f.Gpio}");
            }

            if (f.Kind == "analog")
            {
                Assert.Contains(Rules.Adc1, a => a.Gpio == f.Gpio && a.Channel == f.AdcChannel);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void Strapping_pins_rest_at_the_level_that_the_chip_wants_at_reset(string id)
    {
        foreach (var strapping in Rules.Strapping)
        {
            var f = Board(id).Functions.SingleOrDefault(x => x.Gpio == strapping.Gpio);
            if (f is null || strapping.AtReset == "any")
            {
                continue;
            }

            // Resting level: a ULQ2003A input pulls down, an external pull-up pulls up, an open pin follows the chip.
            var rests = f.Kind == "output" ? "low" : f.Pull.Contains("to 3V3", StringComparison.Ordinal) ? "high" : "open";
            var wanted = strapping.AtReset == "low-or-open" ? new[] { "low", "open" } : [strapping.AtReset];
            Assert.True(wanted.Contains(rests), $"{id}: {f.Function} rests {rests} on GPIO {strapping.Gpio}, wanted {strapping.AtReset}: {strapping.Why}");
        }
    }

    [Fact]
    public void Channel_numbers_are_the_same_on_every_board()
    {
        foreach (var group in Room.Data.PinMap.Boards.SelectMany(b => b.Functions).Where(f => f.Kind == "analog").GroupBy(f => f.Function))
        {
            Assert.Single(group.Select(f => f.ChannelIndex).Distinct());
        }
    }

    [Theory]
    [InlineData("esp32-wroom32e-devkit", "A1")]
    [InlineData("wt32-eth01", "A2")]
    public void The_netlist_connects_each_function_to_its_pin(string id, string reference)
    {
        foreach (var f in Board(id).Functions)
        {
            var (part, pin) = f.Gpio is null ? ("U9", f.ExpanderPin!) : (reference, $"IO{f.Gpio}");
            Assert.Equal(f.Net, Room.Data.Netlist[part].Pins[pin]);
        }

        var wired = Room.Data.Netlist[reference].Pins.Keys.Where(k => k.StartsWith("IO", StringComparison.Ordinal));
        Assert.Equal(
            Board(id).Functions.Where(f => f.Gpio is not null).Select(f => $"IO{f.Gpio}").Order(StringComparer.Ordinal),
            wired.Order(StringComparer.Ordinal));
    }

    private static Board Board(string id) => Room.Data.PinMap.Boards.Single(b => b.Id == id);

    private static List<string> Names(Board board, string kind) => [.. board.Functions.Where(f => f.Kind == kind).Select(f => f.Function)];

    private static List<string> Constants(string path) =>
        [.. IntConstant().Matches(Room.Read(path)).Select(m => m.Groups[1].Value).Where(n => n != "Count")];

    [GeneratedRegex(@"public const int (\w+) = (\d+);")]
    private static partial Regex IntConstant();

    [GeneratedRegex(@"InputId\.(\w+)")]
    private static partial Regex InputName();
}
