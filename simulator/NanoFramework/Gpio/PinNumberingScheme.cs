// Package nanoFramework.System.Device.Gpio 1.1.62.
namespace System.Device.Gpio;

public enum PinNumberingScheme
{
    Logical = 0,
    Board = 1,
}
