using Gateway.Hardware.Data;

namespace Gateway.Hardware.Tests;

/// <summary>Electrical rules of the carrier, for each controller that it can carry.</summary>
public sealed class NetlistTests
{
    private static readonly string[] Rails = ["GND", "VLOOP", "3V3", "5V", "VBUS", "VIN_P", "BAT_F"];

    private static Netlist Netlist => Room.Data.Netlist;

    [Fact]
    public void References_are_unique_and_values_are_readable()
    {
        Assert.Equal(Netlist.Components.Count, Netlist.Components.Select(c => c.Ref).Distinct().Count());
        Assert.All(
            Netlist.Components.Where(c => c.Kind is "resistor" or "capacitor" or "electrolytic" or "inductor" or "fuse" or "ptc"),
            c => Assert.True(c.Number > 0, $"{c.Ref}: {c.Value}"));
    }

    [Theory]
    [InlineData("devkit")]
    [InlineData("eth")]
    public void Every_net_joins_at_least_two_pins_of_two_parts(string variant)
    {
        // What one board does not read, the other does; a net may then end at its filter.
        string[] open = variant == "eth" ? ["ADC_LOOP4"] : [];
        foreach (var (net, pins) in Netlist.Nets(variant))
        {
            Assert.True(open.Contains(net) || pins.Select(p => p.Component.Ref).Distinct().Count() >= 2, $"{net} has only {string.Join(", ", pins)}");
        }
    }

    [Theory]
    [InlineData("devkit")]
    [InlineData("eth")]
    public void No_net_is_driven_by_two_outputs(string variant)
    {
        foreach (var (net, pins) in Netlist.Nets(variant))
        {
            var drivers = pins.Where(p => p.Component.Drives?.Contains(p.Name) == true).ToList();
            Assert.True(drivers.Count <= 1, $"{net} is driven by {string.Join(" and ", drivers)}");
            Assert.True(drivers.Count == 0 || !Rails.Contains(net) || net is "VLOOP" or "5V" or "3V3", $"{drivers.FirstOrDefault()} drives the rail {net}");
        }
    }

    [Theory]
    [InlineData("devkit")]
    [InlineData("eth")]
    public void Every_pin_that_is_read_has_a_driver_or_a_path_through_resistors_to_a_rail(string variant)
    {
        var nets = Netlist.Nets(variant);
        foreach (var (net, pins) in nets)
        {
            foreach (var pin in pins.Where(p => p.Component.Reads?.Contains(p.Name) == true))
            {
                Assert.True(
                    Rails.Contains(net) || Reaches(net, variant, n => Rails.Contains(n) || Driven(nets[n])) || Driven(pins),
                    $"{pin} on {net} floats");
            }
        }
    }

    [Theory]
    [InlineData("devkit")]
    [InlineData("eth")]
    public void Every_open_collector_has_something_to_pull_its_net_up(string variant)
    {
        string[] up = ["VLOOP", "3V3", "5V", "VBUS", "BAT_F", "VIN_P"];
        foreach (var (net, pins) in Netlist.Nets(variant))
        {
            foreach (var pin in pins.Where(p => p.Component.Sinks?.Contains(p.Name) == true))
            {
                var loads = new[] { "resistor", "led", "buzzer", "relay", "inductor" };
                Assert.True(Reaches(net, variant, up.Contains, loads), $"{pin} on {net} has no load to a rail");
            }
        }
    }

    [Theory]
    [InlineData("devkit")]
    [InlineData("eth")]
    public void Every_digital_input_has_the_pull_that_the_pin_map_names(string variant)
    {
        var board = Room.Data.PinMap.Boards[variant == "devkit" ? 0 : 1];
        foreach (var f in board.Functions.Where(f => f.Kind == "input" || f.Function == "ServiceRx"))
        {
            if (f.Pull.StartsWith("none needed", StringComparison.Ordinal))
            {
                Assert.True(Reaches(f.Net, variant, n => Driven(Netlist.Nets(variant)[n])), $"{f.Function}: no driver behind {f.Net}");
                continue;
            }

            var rail = f.Pull.Contains("VLOOP", StringComparison.Ordinal) ? "VLOOP" : "3V3";
            var value = Quantity.Parse(f.Pull.Replace("kOhm", "k", StringComparison.Ordinal));
            var pull = Netlist.Fitted(variant).Single(c => c.Kind == "resistor" && c.Pins.Values.Contains(rail) && Near(c, f.Net, variant));
            Assert.Equal(value, pull.Number);
        }
    }

    [Theory]
    [InlineData("devkit")]
    [InlineData("eth")]
    public void Every_terminal_has_a_guard_to_ground_on_its_net_or_behind_its_fuse(string variant)
    {
        foreach (var terminal in Netlist.Fitted(variant).Where(c => c.IsTerminal))
        {
            foreach (var (pin, net) in terminal.Pins.Where(p => p.Value != "GND"))
            {
                var behindFuse = Netlist.Components.Where(c => c.Kind == "fuse" && c.Pins.Values.Contains(net)).SelectMany(c => c.Pins.Values);
                var guards = Netlist.Components.Where(c => c.Protects == $"{terminal.Ref}.{pin}").ToList();
                Assert.True(guards.Count > 0, $"{terminal.Ref} {pin} has no guard");
                Assert.All(guards, g =>
                {
                    Assert.Contains("GND", g.Pins.Values);
                    Assert.NotEmpty(g.Pins.Values.Intersect(behindFuse.Append(net)));
                });
            }
        }
    }

    [Fact]
    public void Diodes_that_clamp_a_rail_point_from_ground_upwards_and_electrolytics_stand_the_right_way()
    {
        foreach (var part in Netlist.Components)
        {
            switch (part.Kind)
            {
                case "tvs":
                    Assert.Equal("GND", part.Pins["A"]);
                    break;
                case "electrolytic":
                    Assert.Equal("GND", part.Pins["-"]);
                    Assert.NotEqual("GND", part.Pins["+"]);
                    break;
                case "clamp":
                    Assert.Equal("GND", part.Pins["1"]);
                    Assert.Equal("VLOOP", part.Pins["2"]);
                    break;
            }
        }
    }

    [Fact]
    public void Capacitors_and_guards_stand_the_highest_voltage_of_their_rail()
    {
        foreach (var rail in Netlist.Rails)
        {
            foreach (var part in Netlist.Components.Where(c => c.Pins.Values.Contains(rail.Net) && c.Pins.Values.Contains("GND")))
            {
                var volts = part.Kind switch
                {
                    "capacitor" or "electrolytic" => Quantity.Parse(part.Rating.Split(' ')[0] + " V") / 1.5,
                    "tvs" or "tvs2" => Quantity.Parse(part.Rating.Split(' ')[0] + " V"),
                    _ => double.MaxValue,
                };
                Assert.True(volts >= rail.MaxVolts, $"{part.Ref} {part.Rating} on {rail.Net}, which reaches {rail.MaxVolts} V");
            }
        }
    }

    [Fact]
    public void Every_integrated_circuit_on_a_logic_rail_has_a_capacitor_beside_it()
    {
        // One per package: U6, U7 on VLOOP; the expander on 3V3; regulators have their own.
        int Small(string rail, string variant) => Netlist.Fitted(variant).Count(c => c.Kind == "capacitor" && c.Pins.Values.Contains(rail) && c.Pins.Values.Contains("GND"));
        Assert.True(Small("VLOOP", "devkit") >= 1 + Netlist.Fitted("devkit").Count(c => c.Kind == "ic" && c.Pins.GetValueOrDefault("VDD") == "VLOOP"));
        Assert.True(Small("3V3", "eth") >= 1 + Netlist.Fitted("eth").Count(c => c.Kind == "ic" && c.Pins.GetValueOrDefault("VDD") == "3V3"));
    }

    [Fact]
    public void Every_comparator_input_with_a_line_or_a_large_capacitor_behind_it_has_a_resistor_for_its_2_mA()
    {
        // MCP6542 data sheet: 2 mA into an input beyond its supply. The worst are the timing capacitor's 3.35 V below 0 V when VLOOP
        // collapses, and a BAV99 at its 1.25 V above VLOOP in a surge.
        foreach (var comparator in Netlist.Components.Where(c => c.Value.StartsWith("MCP6542", StringComparison.Ordinal)))
        {
            foreach (var input in new[] { "INA+", "INB+" })
            {
                var net = comparator.Pins[input];
                var other = Netlist.Components.Single(c => c != comparator && c.Pins.Values.Contains(net));
                Assert.Equal("resistor", other.Kind);
                Assert.True(3.35 / other.Number <= 0.002, $"{other.Ref} lets {3350 / other.Number:F1} mA into {comparator.Ref}.{input}");
            }
        }
    }

    [Fact]
    public void Every_leg_of_every_chip_and_transistor_has_a_number_of_its_own()
    {
        foreach (var part in Netlist.Components.Where(c => c.Kind is "ic" or "pmos"))
        {
            Assert.NotNull(part.Pads);
            Assert.Equal(part.Pins.Keys.Order(), part.Pads.Keys.Order());
            Assert.Equal(part.Pads.Count, part.Pads.Values.Distinct().Count());
            Assert.All(part.Pads.Values, number => Assert.InRange(number, 1, 28));
        }
    }

    private static bool Driven(IEnumerable<Pin> pins) => pins.Any(p => p.Component.Drives?.Contains(p.Name) == true);

    private static bool Near(Component pull, string net, string variant)
    {
        var other = pull.Pins.Values.Single(n => n is not ("VLOOP" or "3V3"));
        return other == net || Netlist.Fitted(variant).Any(c => c.Kind == "resistor" && c.Pins.Values.Contains(other) && c.Pins.Values.Contains(net));
    }

    /// <summary>Is there a way from a net through parts of these kinds to a net that satisfies the goal? Rails are not passed through.</summary>
    private static bool Reaches(string from, string variant, Func<string, bool> goal, params string[] kinds)
    {
        string[] through = kinds.Length == 0 ? ["resistor"] : kinds;
        var seen = new HashSet<string> { from };
        var queue = new Queue<string>([from]);
        while (queue.TryDequeue(out var net))
        {
            foreach (var part in Netlist.Fitted(variant).Where(c => through.Contains(c.Kind) && c.Pins.Values.Contains(net)))
            {
                foreach (var next in part.Pins.Values.Where(n => !seen.Contains(n)))
                {
                    if (goal(next))
                    {
                        return true;
                    }

                    seen.Add(next);
                    if (!Rails.Contains(next))
                    {
                        queue.Enqueue(next);
                    }
                }
            }
        }

        return false;
    }
}
