namespace Gateway.Hardware.Drawing;

/// <summary>How high the parts sit on the wall. The heights are those of INSTALLATION.md, checked by a test.</summary>
public static class MountingSheet
{
    /// <summary>Middle of the help button above the floor: a seated adult, a child and a standing elder all reach it.</summary>
    public const int HelpButtonMm = 1000;

    /// <summary>Pull cord or second button near the floor, for a person who has fallen.</summary>
    public const int LowButtonMm = 300;

    /// <summary>Box with lamps, read while standing and sitting.</summary>
    public const int BoxMm = 1400;

    /// <summary>Siren outside, under the eaves.</summary>
    public const int SirenMm = 2800;

    public static string Render()
    {
        var svg = new Svg();
        const double floor = 176;
        const double scale = 0.048;
        double Y(double mm) => floor - (mm * scale);
        svg.Line(20, floor, 260, floor, "c");
        svg.Text(24, floor + 6, "floor", "s");
        foreach (var (mm, x, text) in new[]
        {
            (LowButtonMm, 60.0, "second help button or pull cord, for a person on the floor"),
            (HelpButtonMm, 100.0, "help button: middle 1,000 mm; nothing placed before it"),
            (BoxMm, 130.0, "box: lamps in sight of a seated person and a child; lock at the side"),
            (SirenMm, 150.0, "siren outside, under the eaves, at least 2,800 mm"),
        })
        {
            svg.Line(20, Y(mm), x, Y(mm), "g");
            svg.Text(22, Y(mm) - 1.2, $"{mm} mm", "r");
            if (mm == BoxMm)
            {
                svg.Rect(x, Y(mm) - 8, 16, 16);
                for (var i = 0; i < 5; i++)
                {
                    svg.Circle(x + 3 + (i * 2.5), Y(mm) - 3, 0.8);
                }
            }
            else if (mm == SirenMm)
            {
                svg.Path($"M{Svg.N(x)} {Svg.N(Y(mm))}l6 -4v8zm6 -4l10 -3v14l-10 -3", "b");
            }
            else
            {
                svg.Circle(x + 3, Y(mm), 3);
            }

            svg.Text(x + 20, Y(mm) + 1, text, "s");
        }

        return svg.Finish("Mounting heights above the floor", "hardware/Drawings/Drawing/MountingSheet.cs");
    }
}
