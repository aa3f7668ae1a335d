// Package nanoFramework.System.IO.Ports 1.1.139.
// Modelled: COM2 of the board (Board/VirtualSerial.cs); reading takes what has arrived and never waits.
// Not modelled: other ports, baud rate and frame (bytes arrive at once), timeouts, handshake, lines, events.
using Gateway.NanoFramework.Board;

namespace System.IO.Ports;

public sealed class SerialPort : IDisposable
{
    readonly Incarnation incarnation = Incarnation.Current;

    public SerialPort(string portName, int baudRate = 9600, Parity parity = 0, int dataBits = 8, StopBits stopBits = (StopBits)1)
    {
        if (portName != "COM2") throw new ArgumentException("The virtual board has COM2 only: COM1 belongs to the debugger.", nameof(portName));
        _ = (baudRate, parity, dataBits, stopBits);
        PortName = portName;
    }

    public string PortName { get; }

    public bool IsOpen { get; private set; }

    public int BytesToRead
    {
        get
        {
            Open(required: true);
            return incarnation.Hardware.Serial.Waiting;
        }
    }

    public void Open()
    {
        incarnation.Enter();
        if (IsOpen) throw new InvalidOperationException("The port is open.");
        IsOpen = true;
    }

    public void Close()
    {
        incarnation.Enter();
        IsOpen = false;
    }

    public void Dispose() => IsOpen = false;

    public int Read(byte[] buffer, int offset, int count)
    {
        Open(required: true);
        return incarnation.Hardware.Serial.Read(buffer, offset, count);
    }

    public void Write(byte[] buffer, int offset, int count)
    {
        Open(required: true);
        incarnation.Hardware.Serial.Write(buffer.AsSpan(offset, count));
    }

    void Open(bool required)
    {
        incarnation.Enter();
        if (required && !IsOpen) throw new InvalidOperationException("The port is not open.");
    }
}
