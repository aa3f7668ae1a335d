using Gateway.Mqtt.Endpoint;
using Gateway.World.Boards;

namespace Gateway.World.Oracle;

/// <summary>One connection at the hub as the oracle follows it, packet by packet, from what OASIS MQTT 3.1.1 says and not from the session logic.</summary>
internal sealed class WatchedConnection(SimulatedBoard board)
{
    public SimulatedBoard Board => board;

    /// <summary>A CONNACK 0 has left.</summary>
    public bool IsConnected { get; set; }

    /// <summary>When something last came on it.</summary>
    public long HeardUs { get; set; }

    public int KeepAliveS { get; set; }

    public ApplicationMessage? Will { get; set; }

    /// <summary>Something is so that ends it: its client closed it, another one took its place, a publish was not committed.</summary>
    public bool MayEnd { get; set; }

    /// <summary>Something came on it that the endpoint answers with its end.</summary>
    public bool MustEnd { get; set; }

    public HashSet<string> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Subscribe requests that wait for their answer, oldest first.</summary>
    public Queue<(ushort Id, string[] Filters)> Subscribing { get; } = new();

    public int Pings { get; set; }

    /// <summary>Publishes of QoS 1 that came and wait for their PUBACK, oldest first.</summary>
    public Queue<(ushort Id, long AtUs)> Owed { get; } = new();

    /// <summary>What has to go out, oldest first.</summary>
    public Queue<(ApplicationMessage Message, bool Retained)> Expected { get; } = new();

    /// <summary>What went out and was not acknowledged.</summary>
    public HashSet<ushort> InFlight { get; } = [];

    /// <summary>Something has happened on it since the endpoint last had done all it could.</summary>
    public bool IsTouched { get; set; }

    public bool IsOver { get; set; }
}
