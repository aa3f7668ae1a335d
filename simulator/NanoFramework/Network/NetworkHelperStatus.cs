// Package nanoFramework.System.Net 1.11.60 (listed: 1.11.54).
namespace nanoFramework.Networking;

public enum NetworkHelperStatus
{
    None = 0,
    Started = 1,
    NetworkIsReady = 2,
    FailedNoNetworkInterface = 3,
    TokenExpiredWaitingIPAddress = 4,
    TokenExpiredWaitingDateTime = 5,
    ErrorConnetingToWiFiWhileScanning = 6,
    ExceptionOccurred = 7,
    Reconnecting = 8,
}
