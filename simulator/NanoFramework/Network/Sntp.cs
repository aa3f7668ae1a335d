// Package nanoFramework.Networking.Sntp 1.6.42.
// Modelled: the settings only. The virtual board's wall clock is a port with a twin of its own, because DateTime cannot be intercepted here.
using Gateway.NanoFramework.Board;

namespace nanoFramework.Networking;

public class Sntp
{
    public static bool IsStarted { get; private set; }

    public static string Server1 { get; set; } = "0.pool.ntp.org";

    public static string Server2 { get; set; } = "1.pool.ntp.org";

    public static void Start()
    {
        Incarnation.Current.Enter();
        IsStarted = true;
    }

    public static void Stop() => IsStarted = false;

    public static void UpdateNow() => Incarnation.Current.Enter();
}
