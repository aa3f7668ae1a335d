// Package nanoFramework.Hardware.Esp32 1.6.42.
// Modelled: nothing; the virtual board's COM2 is on its pins already.
using Gateway.NanoFramework.Board;

namespace nanoFramework.Hardware.Esp32;

public class Configuration
{
    public static void SetPinFunction(int pin, DeviceFunction function)
    {
        Incarnation.Current.Enter();
        _ = (pin, function);
    }
}
