using Gateway.World.Kernel;

namespace Gateway.World.Network;

/// <summary>What becomes of a new connection to an address.</summary>
public enum AddressState
{
    /// <summary>The hub takes it.</summary>
    Reached,

    /// <summary>Somebody answers at once that nobody is there.</summary>
    Refused,

    /// <summary>Nobody answers.</summary>
    Silent,
}

/// <summary>The addresses at which one board finds the hub: two routes to one hub ([GW-3]), each of which may be dead for a while. Any other leads nowhere.</summary>
public sealed class HubAddresses(EventQueue queue)
{
    public const int First = 0;
    public const int Second = 1;

    /// <summary>Where nobody is, as settings may want it.</summary>
    public const string NowhereHost = "10.9.9.9";

    public static readonly (string Host, int Port)[] All = [("10.0.0.1", 1883), ("10.0.1.1", 1884)];

    private readonly AddressState[] _states = new AddressState[All.Length];

    /// <summary>When one of them last died or came back.</summary>
    public long ChangedUs { get; private set; } = long.MinValue / 2;

    public bool AllReached => Array.TrueForAll(_states, static state => state == AddressState.Reached);

    /// <summary>Which of them it is; -1 when it leads nowhere.</summary>
    public static int PlaceOf(string? host, int port) => Array.IndexOf(All, (host ?? "", port));

    public AddressState StateOf(int place) => _states[place];

    public bool IsReached(string? host, int port) => PlaceOf(host, port) is >= 0 and var place && _states[place] == AddressState.Reached;

    public void Become(int place, AddressState state)
    {
        if (_states[place] != state)
        {
            _states[place] = state;
            ChangedUs = queue.NowUs;
        }
    }
}
