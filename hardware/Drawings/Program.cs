using System.Text;
using Gateway.Hardware.Data;
using Gateway.Hardware.Drawing;

// Writes the drawings, the KiCad export and the firmware's loop thresholds from the data in hardware/.
var room = HardwareRoom.Find(Directory.GetCurrentDirectory());
foreach (var (path, text) in Book.Render(room))
{
    var full = Path.Combine(room.Repository, path);
    Directory.CreateDirectory(Path.GetDirectoryName(full)!);
    if (!File.Exists(full) || File.ReadAllText(full).ReplaceLineEndings("\n") != text)
    {
        File.WriteAllText(full, text, new UTF8Encoding(false));
        Console.WriteLine(path);
    }
}
