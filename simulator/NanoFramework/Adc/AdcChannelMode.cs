// Package nanoFramework.System.Device.Adc 1.1.24.
namespace System.Device.Adc;

public enum AdcChannelMode
{
    SingleEnded = 0,
    Differential = 1,
}
