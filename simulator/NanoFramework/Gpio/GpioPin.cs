// Package nanoFramework.System.Device.Gpio 1.1.62.
// Modelled: pull-ups and floating inputs; ValueChanged on another thread than the writer's, through a bounded queue that drops the oldest edge
// when full; a debounce that ignores edges inside its window and looks at the level once, at its end; a disposed pin throws. An event fires for outputs too.
// Not modelled: drive strength, alternate functions, analogue behaviour.
using Gateway.NanoFramework.Board;

namespace System.Device.Gpio;

public sealed class GpioPin : IDisposable
{
    readonly Incarnation incarnation;
    readonly VirtualPin pin;
    readonly Lock gate = new();
    PinValueChangedEventHandler? handlers;
    TimeSpan debounceTimeout;
    bool isDisposed;

    internal GpioPin(Incarnation incarnation, int pinNumber)
    {
        this.incarnation = incarnation;
        pin = incarnation.Hardware.Pin(pinNumber);
        PinNumber = pinNumber;
    }

    public int PinNumber { get; }

    public TimeSpan DebounceTimeout
    {
        get => debounceTimeout;
        set
        {
            incarnation.Enter();
            debounceTimeout = value;
            Rewatch();
        }
    }

    public event PinValueChangedEventHandler ValueChanged
    {
        add
        {
            Check();
            lock (gate) handlers += value;
            Rewatch();
        }
        remove
        {
            Check();
            lock (gate) handlers -= value;
            Rewatch();
        }
    }

    public PinMode GetPinMode()
    {
        Check();
        return pin.Mode;
    }

    public bool IsPinModeSupported(PinMode pinMode)
    {
        Check();
        return GpioController.IsModeSupported(PinNumber, pinMode);
    }

    public void SetPinMode(PinMode value)
    {
        incarnation.Enter();
        if (!GpioController.IsModeSupported(PinNumber, value)) throw new ArgumentException($"GPIO {PinNumber} has no mode {value}.");
        pin.SetMode(value);
        Rewatch();
    }

    public PinValue Read()
    {
        Check();
        return pin.IsHigh;
    }

    public void Write(PinValue value)
    {
        incarnation.Enter();
        if (pin.Mode < PinMode.Output) throw new InvalidOperationException($"GPIO {PinNumber} is an input.");
        pin.Write((bool)value);
    }

    public void Toggle()
    {
        Check();
        pin.Toggle();
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
        }
        incarnation.GpioEvents.Unwatch(PinNumber);
        if (incarnation.IsAlive) incarnation.Hardware.ClosePin(PinNumber);
    }

    internal void Raise(PinEventTypes edge)
    {
        PinValueChangedEventHandler? now;
        lock (gate) now = isDisposed ? null : handlers;
        now?.Invoke(this, new PinValueChangedEventArgs(edge, PinNumber));
    }

    void Rewatch()
    {
        if (handlers is null) incarnation.GpioEvents.Unwatch(PinNumber);
        else incarnation.GpioEvents.Watch(this, pin.IsHigh, debounceTimeout);
    }

    void Check()
    {
        incarnation.Enter();
        ObjectDisposedException.ThrowIf(isDisposed, this);
    }
}
