// Package nanoFramework.System.Device.Gpio 1.1.62.
// Modelled: the ESP32's GPIO 0..39, of which 34..39 are inputs without pulls and 6..11 belong to the flash; opening a pin that is open throws.
// Not modelled: PinNumberingScheme.Board (the real one ignores it as well).
using Gateway.NanoFramework.Board;

namespace System.Device.Gpio;

public sealed class GpioController : IDisposable
{
    readonly Incarnation incarnation = Incarnation.Current;
    readonly Dictionary<int, Opened> opened = [];
    bool isDisposed;

    public GpioController() => incarnation.Enter();

    public GpioController(PinNumberingScheme numberingScheme) : this() => NumberingScheme = numberingScheme;

    public PinNumberingScheme NumberingScheme { get; }

    public int PinCount => VirtualHardware.PinCount;

    public GpioPin OpenPin(int pinNumber)
    {
        incarnation.Enter();
        if (pinNumber is < 0 or >= VirtualHardware.PinCount or (>= 6 and <= 11) || !incarnation.Hardware.OpenPin(pinNumber))
            throw new InvalidOperationException($"GPIO {pinNumber} cannot be opened: no such pin, or it is in use.");
        var pin = new GpioPin(incarnation, pinNumber);
        opened[pinNumber] = new Opened(pin);
        return pin;
    }

    public GpioPin OpenPin(int pinNumber, PinMode mode)
    {
        var pin = OpenPin(pinNumber);
        pin.SetPinMode(mode);
        return pin;
    }

    public void ClosePin(int pinNumber)
    {
        Find(pinNumber).Pin.Dispose();
        opened.Remove(pinNumber);
    }

    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        foreach (var entry in opened.Values) entry.Pin.Dispose();
        opened.Clear();
    }

    public PinMode GetPinMode(int pinNumber) => Find(pinNumber).Pin.GetPinMode();

    public bool IsPinModeSupported(int pinNumber, PinMode mode)
    {
        incarnation.Enter();
        return IsModeSupported(pinNumber, mode);
    }

    public bool IsPinOpen(int pinNumber)
    {
        incarnation.Enter();
        return incarnation.Hardware.IsPinOpen(pinNumber);
    }

    public PinValue Read(int pinNumber) => Find(pinNumber).Pin.Read();

    public void SetPinMode(int pinNumber, PinMode mode) => Find(pinNumber).Pin.SetPinMode(mode);

    public void Write(int pinNumber, PinValue value) => Find(pinNumber).Pin.Write(value);

    public void RegisterCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        var entry = Find(pinNumber);
        entry.Types = eventTypes;
        entry.Callback = callback;
        entry.Pin.ValueChanged += entry.OnValueChanged;
    }

    public void UnregisterCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        if (!opened.TryGetValue(pinNumber, out var entry)) return;
        entry.Types = PinEventTypes.None;
        entry.Pin.ValueChanged -= entry.OnValueChanged;
    }

    internal static bool IsModeSupported(int pinNumber, PinMode mode) => mode switch
    {
        PinMode.Input => true,
        PinMode.InputPullUp or PinMode.InputPullDown or PinMode.Output or PinMode.OutputOpenDrain => pinNumber < 34,
        _ => false,
    };

    Opened Find(int pinNumber)
    {
        incarnation.Enter();
        return opened.TryGetValue(pinNumber, out var entry) ? entry : throw new InvalidOperationException($"GPIO {pinNumber} is not open.");
    }

    sealed class Opened(GpioPin pin)
    {
        public GpioPin Pin => pin;
        public PinEventTypes Types;
        public PinChangeEventHandler? Callback;

        public void OnValueChanged(object sender, PinValueChangedEventArgs e)
        {
            if ((Types & e.ChangeType) != 0) Callback?.Invoke(sender, e);
        }
    }
}
