// Package nanoFramework.System.Device.Wifi 1.5.147.
namespace System.Device.Wifi;

public enum WifiReconnectionKind
{
    Automatic = 0,
    Manual = 1,
}
