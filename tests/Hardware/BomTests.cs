using System.Text.RegularExpressions;

namespace Gateway.Hardware.Tests;

public sealed partial class BomTests
{
    [Fact]
    public void Every_part_of_the_netlist_is_on_one_line_with_its_value_and_rating()
    {
        foreach (var part in Room.Data.Netlist.Components)
        {
            var lines = Room.Data.Bom.Where(l => l.References.Contains(part.Ref)).ToList();
            Assert.True(lines.Count == 1, $"{part.Ref} is on {lines.Count} lines of bom.csv");
            Assert.Equal((part.Ref, part.Value, part.Rating), (part.Ref, lines[0].Value, lines[0].Rating));
        }
    }

    [Fact]
    public void Every_line_names_a_part_a_second_source_and_the_right_number()
    {
        foreach (var line in Room.Data.Bom)
        {
            var name = string.Join(" ", line.References);
            Assert.False(string.IsNullOrWhiteSpace(line.ManufacturerPart), $"{name}: no manufacturer part");
            Assert.False(string.IsNullOrWhiteSpace(line.SecondSource), $"{name}: no second source");
            if (Room.Data.Netlist.Components.Any(c => c.Ref == line.References[0]))
            {
                Assert.True(line.Quantity == line.References.Count, $"{name}: {line.Quantity} of {line.References.Count}");
                Assert.All(line.References, r => Assert.Contains(Room.Data.Netlist.Components, c => c.Ref == r));
            }
        }
    }

    [Fact]
    public void The_end_of_line_resistors_are_those_of_the_calculation()
    {
        var design = Room.Data.LoopDesign.EndOfLine;
        foreach (var (reference, ohm) in new[] { ("EOL-Re", design.ReOhm), ("EOL-Rb", design.RbOhm), ("EOL-Ra", design.RaOhm) })
        {
            var line = Room.Data.Bom.Single(l => l.References.Contains(reference));
            Assert.Equal(ohm, Data.Quantity.Parse(line.Value));
            Assert.Contains($"{design.TolerancePercent} %", line.Rating, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_active_part_is_rated_for_minus_30_degrees()
    {
        string[] kinds = ["ic", "pmos", "relay", "buzzer", "board", "electrolytic"];
        foreach (var part in Room.Data.Netlist.Components.Where(c => kinds.Contains(c.Kind)))
        {
            var range = Cold().Match(part.Rating);
            Assert.True(range.Success && int.Parse(range.Groups[1].Value, null) <= -30, $"{part.Ref} {part.Value}: '{part.Rating}'");
        }
    }

    [GeneratedRegex(@"(-\d+)(?:\.\.\d+)? C")]
    private static partial Regex Cold();
}
