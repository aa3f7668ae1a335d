using Gateway.Firmware.Ports;
using Gateway.World.Kernel;

namespace Gateway.World.Boards;

/// <summary>The monotonic clock of one boot: it runs fast or slow by the board's own crystal, and goes on while the core stands still in a flash operation.</summary>
internal sealed class BoardClock(SimulatedBoard board) : IClock
{
    public long NowMs
    {
        get
        {
            board.RequirePower();
            return board.LocalMs;
        }
    }
}

/// <summary>Wall time as SNTP set it in this boot, with the error that it has.</summary>
internal sealed class BoardWallClock(SimulatedBoard board) : IWallClock
{
    public bool IsSynchronized { get; set; }

    /// <summary>Every boot of these boards is a cold one.</summary>
    public bool IsKept => false;

    /// <summary>Milliseconds by which it is wrong.</summary>
    public long ErrorMs { get; set; }

    public long UnixMs
    {
        get
        {
            board.RequirePower();
            return IsSynchronized ? board.World.UtcMs + ErrorMs : 0;
        }
    }
}

/// <summary>Levels of the inputs, and the edge that the interrupt latched.</summary>
internal sealed class BoardInputs(SimulatedBoard board) : IInputs
{
    private readonly long[] _edges = [.. Enumerable.Repeat(-1L, InputId.Count)];

    public int Count => InputId.Count;

    public bool IsAsserted(int input)
    {
        board.RequirePower();
        return board.Levels[input];
    }

    public long TakeAssertedEdgeMs(int input)
    {
        board.RequirePower();
        var edge = _edges[input];
        _edges[input] = -1;
        return edge;
    }

    /// <summary>The callback of an interrupt runs when the threads do: what came while they stood still is told at the end of that.</summary>
    public void Edge(int input)
    {
        if (_edges[input] < 0)
        {
            _edges[input] = board.LocalMsAt(Math.Max(board.World.Queue.NowUs, board.StallEndsUs));
        }
    }
}

/// <summary>Lines at rest and a full battery, unless the world says otherwise.</summary>
internal sealed class BoardAnalog(SimulatedBoard board) : IAnalog
{
    public int Count => board.Millivolts.Length;

    public int ReadMillivolts(int channel)
    {
        board.RequirePower();
        board.NoteRead(channel);
        return board.Millivolts[channel];
    }
}

/// <summary>The lamps and sounders, watched by the oracle: this is what the room sees.</summary>
internal sealed class BoardIndicators(SimulatedBoard board) : IIndicators
{
    public void Set(int indicator, bool on)
    {
        board.RequirePower();
        if (board.Lamps[indicator] == on)
        {
            return;
        }

        board.Lamps[indicator] = on;
        board.World.Trace.Add(board.Number, Trace.LampNote, indicator, on ? 1 : 0);
        board.World.Oracle.LampChanged(board, indicator, on);
    }
}

internal sealed class BoardRandom(SimulatedBoard board, Dice dice) : IRandom
{
    public void Fill(byte[] buffer)
    {
        board.RequirePower();
        board.Effects++;
        dice.Fill(buffer);
    }
}

internal sealed class BoardReboot(SimulatedBoard board) : IReboot
{
    public void Reboot()
    {
        board.RequirePower();
        board.Restart();
    }
}

internal sealed class BoardLog(SimulatedBoard board) : ILog
{
    public void Line(string text) => board.World.Trace.Add(board.Number, "log", text: text);
}
