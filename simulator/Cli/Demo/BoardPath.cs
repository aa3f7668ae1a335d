using System.Collections.Concurrent;
using System.Net;
using Gateway.Loads.Proxy;

namespace Gateway.Cli.Demo;

/// <summary>What lies between a virtual board's network plug and the hub: a good path, or one of the bad ones that a person chooses on the boards page.</summary>
internal sealed class BoardPath : IDisposable
{
    public const string Good = "good";

    /// <summary>As a satellite line; as a radio at its edge; a byte at a time; connected, and nothing comes through.</summary>
    private static readonly Dictionary<string, Impairment> Kinds = new(StringComparer.Ordinal)
    {
        [Good] = Impairment.None,
        ["slow"] = new Impairment { DelayMs = 700, JitterMs = 300 },
        ["lossy"] = new Impairment { DelayMs = 50, LossShare = 0.3, StallMs = 1_500 },
        ["trickle"] = new Impairment { Trickle = true },
        ["dead"] = new Impairment { HalfOpen = true },
    };

    private readonly ConcurrentDictionary<IPEndPoint, Lazy<ImpairmentProxy>> proxies = new();

    public static IReadOnlyCollection<string> KindNames => Kinds.Keys;

    /// <summary>Counts for the connections that are there as well. One that a dead path has held stays dead until somebody ends it, as on a real path.</summary>
    public string Kind
    {
        get;
        set
        {
            field = value;
            foreach (var proxy in proxies.Values)
            {
                proxy.Value.Path = Kinds[value];
            }
        }
    } = Good;

    /// <summary>Ends the board's connections by a reset to both ends.</summary>
    public void Cut()
    {
        foreach (var proxy in proxies.Values)
        {
            proxy.Value.Cut();
        }
    }

    /// <summary>Where the board's socket really goes: to a proxy of its own, which goes on to where the board wants.</summary>
    public IPEndPoint Route(IPEndPoint to)
    {
        var proxy = proxies.GetOrAdd(to, static at => new Lazy<ImpairmentProxy>(() => ImpairmentProxy.Start(0, at.Address.ToString(), at.Port))).Value;
        proxy.Path = Kinds[Kind];
        return new IPEndPoint(IPAddress.Loopback, proxy.Port);
    }

    /// <summary>Once, however often it is asked for: the demo stops its boards before it says goodbye, and again when it leaves.</summary>
    public void Dispose()
    {
        foreach (var to in proxies.Keys)
        {
            if (proxies.TryRemove(to, out var proxy))
            {
                proxy.Value.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
    }
}
