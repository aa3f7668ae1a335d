namespace Gateway.Hardware.Data;

/// <summary>One line of hardware/bom.csv.</summary>
public sealed record BomLine(
    IReadOnlyList<string> References,
    int Quantity,
    string Value,
    string Rating,
    string ManufacturerPart,
    string SecondSource,
    string Note);

public static class Bom
{
    public const string Header = "references,quantity,value,rating,manufacturer part,second source,note";

    /// <summary>Reads the file: UTF-8, a header, fields in double quotes where they hold a comma.</summary>
    public static IReadOnlyList<BomLine> Read(string path)
    {
        var lines = File.ReadAllLines(path);
        if (lines[0] != Header)
        {
            throw new InvalidDataException($"{path}: the header must be '{Header}'");
        }

        return [.. lines.Skip(1).Where(l => l.Length > 0).Select((l, i) => Line(Fields(l), i + 2))];
    }

    private static BomLine Line(IReadOnlyList<string> fields, int number)
    {
        if (fields.Count != 7)
        {
            throw new InvalidDataException($"bom.csv line {number}: {fields.Count} fields, 7 expected");
        }

        return new BomLine(
            fields[0].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture),
            fields[2],
            fields[3],
            fields[4],
            fields[5],
            fields[6]);
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
