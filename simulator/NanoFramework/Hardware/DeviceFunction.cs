// Package nanoFramework.Hardware.Esp32 1.6.42. Only what the firmware uses.
namespace nanoFramework.Hardware.Esp32;

public enum DeviceFunction
{
    COM2_TX = 197120,
    COM2_RX = 197121,
}
