using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Hardware.Calculation;
using Gateway.Hardware.Drawing;

namespace Gateway.Hardware.Tests;

/// <summary>The documents say what the data, the drawings and the firmware say.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents => [.. Directory.GetFiles(Room.Data.Root, "*.md").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_part_or_terminal_that_a_document_names_exists(string document)
    {
        foreach (Match match in Reference().Matches(Room.Read($"hardware/{document}")))
        {
            Assert.Contains(Room.Data.Netlist.Components, c => c.Ref == match.Value);
        }

        foreach (Match match in Terminal().Matches(Room.Read($"hardware/{document}")))
        {
            Assert.True(Room.Data.Netlist[match.Groups[1].Value].Pins.ContainsKey(match.Groups[2].Value), $"{document}: {match.Value}");
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_test_that_a_document_names_exists(string document)
    {
        var names = typeof(DocumentTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Select(m => m.Name).ToHashSet();
        foreach (Match match in TestName().Matches(Room.Read($"hardware/{document}")))
        {
            Assert.True(names.Contains(match.Groups[1].Value), $"{document}: no test {match.Groups[1].Value}");
        }
    }

    [Fact]
    public void Every_wiring_drawing_is_in_the_guide_and_every_document_in_the_index()
    {
        var guide = Room.Read("hardware/WIRING.md");
        Assert.All(Room.Data.WiringBook.Drawings, d => Assert.Contains($"sheets/wiring-{d.Id}.svg", guide, StringComparison.Ordinal));
        var index = Room.Read("hardware/README.md");
        Assert.All(Documents.Select(d => d.Data).Where(d => d != "README.md"), d => Assert.Contains(d, index, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_of_the_firmware_has_a_cause_and_an_action()
    {
        var names = CaseName().Matches(Room.Read("firmware/Supervision/FaultId.cs")).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(names);
        var table = Room.Read("hardware/FAULTS.md");
        Assert.All(names, n => Assert.Contains($"| `{n}` |", table, StringComparison.Ordinal));
    }

    [Fact]
    public void The_lamp_patterns_are_those_of_the_firmware()
    {
        var patterns = Room.Read("firmware/Feedback/Pattern.cs");
        var table = Room.Read("hardware/FAULTS.md");
        foreach (var (name, firmware, words) in new[]
        {
            ("SlowBlink", "1 s on, 1 s off", "1 s on, 1 s off"),
            ("Blink", "0.5 s on, 0.5 s off", "0.5 s on, 0.5 s off"),
            ("DoubleBlink", "Twice 0.2 s on in 2 s", "two short flashes every 2 s"),
            ("Flash", "0.1 s on in 2 s", "one short flash every 2 s"),
        })
        {
            Assert.Matches($@"<summary>{Regex.Escape(firmware)}\.</summary>\s+public const int {name} ", patterns);
            Assert.Contains(words, table, StringComparison.Ordinal);
        }

        var health = Room.Read("firmware/Feedback/HealthView.cs");
        Assert.Matches(@"HasFault\)\s*{\s*return Feedback\.Pattern\.DoubleBlink", health);
        Assert.Matches(@"!Online\)\s*{\s*return Feedback\.Pattern\.SlowBlink", health);
        Assert.Contains("Pattern.Steady : Feedback.Pattern.Flash", health, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mounting_heights_are_those_of_the_drawing()
    {
        var text = Room.Read("hardware/INSTALLATION.md");
        foreach (var mm in new[] { MountingSheet.HelpButtonMm, MountingSheet.LowButtonMm, MountingSheet.BoxMm, MountingSheet.SirenMm })
        {
            Assert.Contains($"| {mm} mm |", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_figures_that_documents_repeat_are_those_of_the_calculation()
    {
        var loops = new LoopCalculation(Room.Data.Netlist, Room.Data.LoopDesign);
        string Volts(LineState s) => (loops.TerminalMillivolts(s, LoopDraw.Nominal(Room.Data.LoopDesign.Assumptions)) / 1000).ToString("F2", CultureInfo.InvariantCulture);
        Assert.Contains($"{Volts(LineState.Normal)} V at rest; {Volts(LineState.Open)} V cut", Room.Read("hardware/FAULTS.md"), StringComparison.Ordinal);

        var battery = Room.Data.LoopDesign.Battery;
        var levels = FormattableString.Invariant($"battery low ({battery.LowMillivolts / 1000.0:F1} V) or critical ({battery.CriticalMillivolts / 1000.0:F1} V)");
        Assert.Contains(levels, Room.Read("hardware/FAULTS.md"), StringComparison.Ordinal);

        var floating = new SupplyCalculation(Room.Data.Netlist).FloatVolts;
        var diode = Room.Data.Power.DiodeVolts;
        var batteryOnly = ExpectedVolts.Tenths(new Span(13.0 - diode, 13.0));
        Assert.Contains($"bench supply 13.0 V at J2 as battery (F2 in), J1 off | J3 at {batteryOnly}", Room.Read("hardware/BENCH.md"), StringComparison.Ordinal);
        var supply = Room.Data.Power.Supply;
        Assert.Contains(FormattableString.Invariant($"{supply.Volts.Min:F1} V, then {supply.HighestNominalVolts:F0} V, then {supply.Volts.Max:F1} V"), Room.Read("hardware/BENCH.md"), StringComparison.Ordinal);
        foreach (var document in new[] { "BENCH.md", "COMMISSIONING.md", "MAINTENANCE.md" })
        {
            var ranges = FloatRange().Matches(Room.Read($"hardware/{document}")).Select(m => m.Value).Where(r => r != batteryOnly).ToList();
            Assert.NotEmpty(ranges);
            Assert.All(ranges, r => Assert.Equal(ExpectedVolts.Tenths(floating), r));
        }

        var eol = Room.Data.LoopDesign.EndOfLine;
        var kilo = FormattableString.Invariant($"Re {eol.ReOhm / 1000:F1} kOhm in every loop; Rb {eol.RbOhm / 1000:F1} kOhm with contacts that close on alarm; Ra {eol.RaOhm / 1000:F1} kOhm");
        Assert.Contains(kilo, Room.Read("hardware/WIRING.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_label_names_only_functions_of_the_pin_map_and_lists_its_unreviewed_texts()
    {
        var functions = Room.Data.PinMap.Boards[0].Functions.Select(f => f.Function).ToHashSet();
        Assert.All(Room.Data.Label.Items, i => Assert.Contains(i.Function, functions));
        Assert.DoesNotContain(Room.Data.Label.Items, i => i.Function == "Silent");
        var shapes = Room.Data.Label.Items.Where(i => i.Function is "Journalled" or "Received" or "Accepted" or "OnTheWay" or "Health").Select(i => i.Shape).ToList();
        Assert.Equal(shapes.Count, shapes.Distinct().Count());
        if (Room.Data.Label.Items.Any(i => !i.Text.Reviewed))
        {
            Assert.Contains("Unreviewed texts", string.Join(" ", Room.Data.Label.Notes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_images_that_the_guide_flashes_are_those_of_the_pin_map()
    {
        var guide = Room.Read("hardware/COMMISSIONING.md");
        Assert.All(Room.Data.PinMap.Boards, b => Assert.Contains(b.Image, guide, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\b(?:[RDUQJFK]\d{1,3}|C\d{2,3})\b(?! ?/| s\b)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\b(J\d) (VIN\+|HELP|SILENT|L\d|CT\d|TAMP|CANCEL|RESET|PATROL|HOLD|BAT\+)")]
    private static partial Regex Terminal();

    [GeneratedRegex(@"`((?=\w*[a-z])[A-Z]\w*_\w+_\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"case \w+: return ""([\w-]+)"";")]
    private static partial Regex CaseName();

    [GeneratedRegex(@"(1\d\.\d) to (1\d\.\d) V")]
    private static partial Regex FloatRange();
}
