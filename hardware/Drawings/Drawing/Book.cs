using Gateway.Hardware.Calculation;
using Gateway.Hardware.Data;

namespace Gateway.Hardware.Drawing;

/// <summary>Every generated file of the hardware room, by its path from the repository's root.</summary>
public static class Book
{
    public static SortedDictionary<string, string> Render(HardwareRoom room)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var sheets = room.SheetBook.Sheets;
        for (var i = 0; i < sheets.Count; i++)
        {
            files[$"hardware/sheets/schematic-{sheets[i].Id}.svg"] = new SchematicSheet(sheets[i], room.Netlist, []).Render(i + 1, sheets.Count);
        }

        foreach (var board in room.PinMap.Boards)
        {
            files[$"hardware/sheets/pins-{board.Id}.svg"] = PinTable.Render(board);
        }

        var loops = new LoopCalculation(room.Netlist, room.LoopDesign);
        var expected = new ExpectedVolts(room);
        foreach (var wiring in room.WiringBook.Drawings)
        {
            files[$"hardware/sheets/wiring-{wiring.Id}.svg"] = new WiringSheet(wiring, room.Netlist, loops, room.LoopDesign, expected).Render();
        }

        files["hardware/sheets/terminals.svg"] = TerminalSheet.Render(room.Netlist);
        files["hardware/sheets/front-label.svg"] = FrontLabelSheet.Render(room.Label);
        files["hardware/sheets/mounting.svg"] = MountingSheet.Render();
        files["hardware/TABLES.md"] = new Tables(room).Write();
        files["hardware/carrier-unchecked.net"] = KicadNetlist.Write(room.Netlist);
        files[LoopThresholdsSource.Path] = LoopThresholdsSource.Write(room.LoopDesign);
        return files;
    }
}
