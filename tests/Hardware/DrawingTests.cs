using System.Globalization;
using System.Xml.Linq;
using Gateway.Hardware.Drawing;

namespace Gateway.Hardware.Tests;

public sealed class DrawingTests
{
    private static readonly SortedDictionary<string, string> Book = Drawing.Book.Render(Room.Data);

    public static TheoryData<string> Pages => [.. Book.Keys.Where(k => k.EndsWith(".svg", StringComparison.Ordinal))];

    [Fact]
    public void Committed_drawings_tables_and_thresholds_are_those_that_the_data_makes()
    {
        foreach (var (path, text) in Book)
        {
            Assert.True(File.Exists(Path.Combine(Room.Data.Repository, path)), $"{path} is missing: dotnet run --project hardware/Drawings");
            Assert.True(Room.Read(path) == text, $"{path} is stale: dotnet run --project hardware/Drawings");
        }
    }

    [Fact]
    public void No_drawing_is_left_over_from_older_data()
    {
        var committed = Directory.GetFiles(Path.Combine(Room.Data.Root, "sheets")).Select(f => "hardware/sheets/" + Path.GetFileName(f));
        Assert.Empty(committed.Except(Book.Keys));
    }

    [Theory]
    [InlineData("devkit")]
    [InlineData("eth")]
    public void The_sheets_show_every_pin_of_every_part(string variant)
    {
        var drawn = new HashSet<string>();
        var sheets = Room.Data.SheetBook.Sheets;
        foreach (var sheet in sheets.Where(s => s.Variant == "both" || s.Variant == variant || s.Id == "7-controller"))
        {
            var page = new SchematicSheet(sheet, Room.Data.Netlist, []);
            page.Render(1, 1);
            drawn.UnionWith(page.Drawn);
        }

        var wanted = Room.Data.Netlist.Fitted(variant)
            .SelectMany(c => c.Pins.Where(p => !(c.IsTerminal && p.Value == "GND")).Select(p => $"{c.Ref}.{p.Key}"));
        Assert.Empty(wanted.Except(drawn));
    }

    [Fact]
    public void No_two_rows_of_a_sheet_touch_and_none_leaves_the_frame()
    {
        foreach (var sheet in Room.Data.SheetBook.Sheets)
        {
            var page = new SchematicSheet(sheet, Room.Data.Netlist, []);
            page.Render(1, 1);
            for (var i = 0; i < page.Wires.Count; i++)
            {
                var a = page.Wires[i];
                Assert.True(a.To <= 287, $"{sheet.Id}: the row at {a.Y} mm ends at {a.To:F0} mm");
                for (var j = i + 1; j < page.Wires.Count; j++)
                {
                    var b = page.Wires[j];
                    Assert.True(
                        Math.Abs(a.Y - b.Y) >= 6 || a.To + 3 <= b.From || b.To + 3 <= a.From,
                        $"{sheet.Id}: rows at {a.Y} mm from {a.From:F0} to {a.To:F0} and from {b.From:F0} to {b.To:F0} touch");
                }
            }
        }
    }

    [Theory]
    [InlineData("3", "1", "K", "A")] // from the joint to the anode of the first diode
    [InlineData("3", "2", "A", "K")] // from the joint to the cathode of the second
    [InlineData("1", "3", "A", "K")]
    [InlineData("2", "3", "K", "A")]
    public void A_clamp_is_drawn_as_the_diode_that_its_pins_name(string near, string far, string diodeNear, string diodeFar)
    {
        Assert.Equal(Symbol("diode", diodeNear, diodeFar), Symbol("clamp", near, far));
    }

    [Fact]
    public void A_guard_for_both_polarities_looks_the_same_either_way_round()
    {
        Assert.Equal(Symbol("tvs2", "1", "2"), Symbol("tvs2", "2", "1"));
        Assert.NotEqual(Symbol("tvs", "A", "K"), Symbol("tvs2", "1", "2"));
    }

    private static string Symbol(string kind, string near, string far)
    {
        var svg = new Svg();
        Symbols.Draw(svg, kind, near, far, 13);
        return svg.Finish("one symbol", "a test");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_page_is_A4_well_formed_and_keeps_its_text_inside_the_frame(string path)
    {
        var root = XDocument.Parse(Book[path]).Root!;
        Assert.Equal("297mm", root.Attribute("width")!.Value);
        Assert.Equal("210mm", root.Attribute("height")!.Value);
        foreach (var text in root.Descendants().Where(e => e.Name.LocalName == "text" && e.Parent == root))
        {
            var x = Number(text, "x");
            var y = Number(text, "y");
            var size = Size(text.Attribute("class")!.Value);
            var width = Width(text.Value, size);
            var left = text.Attribute("text-anchor")!.Value switch { "end" => x - width, "middle" => x - (width / 2), _ => x };
            Assert.True(left >= 8 && left + width <= 289, $"'{text.Value}' runs from {left:F0} to {left + width:F0} mm");
            Assert.True(y - size >= 8 && y <= 202, $"'{text.Value}' stands at {y:F0} mm");
            Assert.True(size >= 2.5, $"'{text.Value}' is {size} mm high: too small on paper");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_two_texts_of_a_page_lie_on_each_other(string path)
    {
        var root = XDocument.Parse(Book[path]).Root!;
        var boxes = root.Elements().Where(e => e.Name.LocalName == "text").Select(e =>
        {
            var size = Size(e.Attribute("class")!.Value);
            var width = Width(e.Value, size) * 0.88;
            var x = Number(e, "x");
            var left = e.Attribute("text-anchor")!.Value switch { "end" => x - width, "middle" => x - (width / 2), _ => x };
            return (e.Value, Left: left, Right: left + width, Top: Number(e, "y") - (size * 0.7), Bottom: Number(e, "y"));
        }).ToList();
        for (var i = 0; i < boxes.Count; i++)
        {
            for (var j = i + 1; j < boxes.Count; j++)
            {
                var (a, b) = (boxes[i], boxes[j]);
                var apart = a.Right <= b.Left || b.Right <= a.Left || a.Bottom <= b.Top || b.Bottom <= a.Top;
                Assert.True(apart, $"{path}: '{a.Value}' and '{b.Value}' overlap");
            }
        }
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static double Size(string style) => style switch { "n" => 2.6, "r" => 2.8, "v" => 2.7, "s" => 2.9, "h" => 3.3, "t" => 4.6, "x" => 5, "xx" => 8, "z" => 3.9, _ => 6 };

    /// <summary>A cautious guess at the width of a line: half an em for Latin letters, a whole one for Chinese.</summary>
    private static double Width(string text, double size) => text.Sum(c => c >= 0x2E80 ? size : size * 0.56);
}
