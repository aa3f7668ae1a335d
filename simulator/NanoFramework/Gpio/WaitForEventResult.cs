// Package nanoFramework.System.Device.Gpio 1.1.62.
namespace System.Device.Gpio;

public struct WaitForEventResult
{
    public PinEventTypes EventTypes;
    public bool TimedOut;
}
