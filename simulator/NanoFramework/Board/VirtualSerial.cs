using System.Text;

namespace Gateway.NanoFramework.Board;

/// <summary>The serial line of a virtual board: two bounded rows of bytes. To the board, what does not fit is lost, as in the UART; from the board, the oldest is forgotten.</summary>
public sealed class VirtualSerial
{
    /// <summary>Receive buffer of the board's driver (SerialPort.ReadBufferSize of the real package).</summary>
    public const int ToBoardBytesMax = 256;

    /// <summary>What the terminal's side keeps until somebody reads it.</summary>
    public const int FromBoardBytesMax = 16 * 1024;

    readonly Lock gate = new();
    readonly Queue<byte> toBoard = new();
    readonly Queue<byte> fromBoard = new();

    /// <summary>Bytes typed that the board had no room for.</summary>
    public int Lost { get; private set; }

    public void TypeToBoard(string text)
    {
        lock (gate)
        {
            foreach (var b in Encoding.ASCII.GetBytes(text))
            {
                if (toBoard.Count < ToBoardBytesMax) toBoard.Enqueue(b);
                else Lost++;
            }
        }
    }

    public string TakeFromBoard()
    {
        lock (gate)
        {
            var text = Encoding.ASCII.GetString([.. fromBoard]);
            fromBoard.Clear();
            return text;
        }
    }

    internal int Waiting
    {
        get
        {
            lock (gate) return toBoard.Count;
        }
    }

    internal int Read(byte[] buffer, int offset, int count)
    {
        lock (gate)
        {
            var taken = 0;
            while (taken < count && toBoard.TryDequeue(out var b)) buffer[offset + taken++] = b;
            return taken;
        }
    }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            foreach (var b in bytes)
            {
                if (fromBoard.Count == FromBoardBytesMax) fromBoard.Dequeue();
                fromBoard.Enqueue(b);
            }
        }
    }

    /// <summary>The power went: what the board had not read is gone; the terminal keeps what it saw.</summary>
    internal void Reset()
    {
        lock (gate) toBoard.Clear();
    }
}
