using Gateway.Hub.Stations;

namespace Gateway.Hub.Ingest;

/// <summary>The words of signals that this hub knows (PROTOCOL.md section 4). Others are committed and shown as unknown, never refused [GW-24].</summary>
internal static class SignalWords
{
    private static readonly HashSet<string> Kinds =
    [
        "help", "silent", "cancel", "reset", "smoke", "gas", "door", "pen", "water", "sensor", "tamper", "mains", "battery", "patrol", "fault", "restart", "acknowledge",
    ];

    private static readonly HashSet<string> States = ["alarm", "normal", "open", "short", "low", "critical"];

    /// <summary>Null, or why the signal is unknown to this hub.</summary>
    public static string? UnknownReason(SignalMessage signal, Board? board) =>
        !Kinds.Contains(signal.Kind) ? "unknown-kind"
        : !States.Contains(signal.State) ? "unknown-state"
        : signal.Zone != 0 && board?.FindZone(signal.Zone) is null ? "unknown-zone"
        : null;

    /// <summary>
    /// A person's call is never answered with "refused", whatever the station file forgot: it is an incident all the same. And nothing is ever told of a silent one [GW-38].
    /// </summary>
    public static bool MayBeToldRefused(string kind) => kind is not ("help" or "silent" or "cancel" or "reset");
}
