using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;
using Gateway.World.Kernel;
using Gateway.World.Network;
using Gateway.World.Oracle;

namespace Gateway.World.Hub;

/// <content>The hub's side of the connections: packets from the wires into the session logic and back, and the policy of the hub's endpoint, watched.</content>
public sealed partial class SimulatedHub : IBrokerHost, IEndpointPolicy, IWireEnd
{
    private readonly List<Peer> _peers = [];
    private readonly Queue<InboundPublish> _answers = new();
    private readonly List<Peer> _ready = [];
    private Broker? _broker;
    private HubEndpointPolicy? _policy;

    /// <summary>A board connects. Null when nobody listens.</summary>
    public Wire? Accept(NetworkPath path, Boards.SimulatedBoard owner, IWireEnd board)
    {
        if (_broker is null)
        {
            return null;
        }

        var wire = new Wire(_world.Queue, path, board, this);
        var peer = new Peer(wire, new WatchedConnection(owner) { HeardUs = _world.Queue.NowUs });
        wire.HubSide = peer;
        if (!_broker.Open(peer, Now.MonotonicMs))
        {
            wire.CloseFromHub();
            return wire;
        }

        _peers.Add(peer);
        _world.Oracle.Opened(peer.Watched);
        return wire;
    }

    void IWireEnd.Arrive(Wire wire, in Packet packet)
    {
        var peer = (Peer)wire.HubSide!;
        _world.Oracle.PacketIn(peer.Watched, packet);
        if (packet is { Type: PacketType.Publish, Qos: 1 })
        {
            peer.Published[packet.Id] = packet.Message;
        }

        if (packet.Type == PacketType.Connect)
        {
            _broker!.Connect(peer, packet.Connect, _broker.Judge(packet.Connect, null, null), Now.MonotonicMs);
            _world.Oracle.HasConnections(peer.Board, _peers.Count(other => other.Board == peer.Board && other.State == ConnectionState.Connected));
        }
        else
        {
            _broker!.Receive(peer, packet, Now.MonotonicMs);
        }

        Settle();
    }

    void IWireEnd.Closed(Wire wire)
    {
        _world.Oracle.ClosedByClient(((Peer)wire.HubSide!).Watched);
        _broker!.Lost((Peer)wire.HubSide!, "closed by the client", Now.MonotonicMs);
        Settle();
    }

    /// <summary>Shows the oracle how long each connection has been silent.</summary>
    public void LookAtConnections()
    {
        foreach (var peer in _peers)
        {
            if (peer.State == ConnectionState.Connected)
            {
                _world.Oracle.CheckKeepAlive(peer.Board, _world.Queue.NowUs - peer.Watched.HeardUs, peer.Watched.KeepAliveS);
            }
        }

        _world.Oracle.CheckEndpoint(_broker!.Counters, KeepsTime);
    }

    void IBrokerHost.Answered(InboundPublish publish) => _answers.Enqueue(publish);

    void IBrokerHost.OutputReady(ServerConnection connection)
    {
        if (connection is Peer peer)
        {
            _ready.Add(peer);
        }
    }

    void IBrokerHost.Ended(ServerConnection connection)
    {
        if (connection is not Peer peer)
        {
            return;
        }

        SendAll(peer);
        _world.Oracle.Ended(peer.Watched, connection.EndReason);
        peer.Wire.CloseFromHub();
        _peers.Remove(peer);
    }

    ConnectDecision IEndpointPolicy.Authenticate(ConnectAttempt attempt) => _policy!.Authenticate(attempt);

    bool IEndpointPolicy.MayPublish(ClientIdentity client, string topic, bool retain) => _policy!.MayPublish(client, topic, retain);

    bool IEndpointPolicy.MaySubscribe(ClientIdentity client, string filter) => _policy!.MaySubscribe(client, filter);

    bool IEndpointPolicy.OnPublish(ClientIdentity client, ApplicationMessage message, PublishReceipt receipt)
    {
        _world.Oracle.HandedOver(client.Name, message);
        var refusedBefore = _counters!.RefusedCount(client.Name);
        var routes = _policy!.OnPublish(client, message, receipt);
        if (_counters.RefusedCount(client.Name) == refusedBefore)
        {
            _world.Oracle.Heard(client.Name, message);
        }
        else
        {
            _world.Oracle.Refused(client.Name, message, _counters.RefusalsOf(client.Name));
        }

        return routes;
    }

    void IEndpointPolicy.OnConnected(ClientIdentity client) => _world.Oracle.Returned(_world.BoardOf(client.Name)!);

    void IEndpointPolicy.OnDisconnected(ClientIdentity client, bool clean, string reason)
    {
        var board = _world.BoardOf(client.Name)!;
        _world.Trace.Add(board.Number, "disconnected at the hub", text: reason);
        _world.Oracle.Broke(board, clean);
        _world.Oracle.EndTold(board);
    }

    private void Publish(in OutgoingMessage message)
    {
        var published = new ApplicationMessage(message.Topic, message.Payload, 1, message.Retain);
        _world.Oracle.HubPublishes(published);
        foreach (var peer in _peers.Where(peer => published.Topic == Topics.HubStatus && peer.State == ConnectionState.Connected))
        {
            _world.Oracle.RunTold(peer.Board);
        }

        _broker!.Publish(published);
    }

    /// <summary>Carries everything that is on its way inside the hub to the wires.</summary>
    private void Settle()
    {
        while (_answers.Count > 0 || _ready.Count > 0)
        {
            while (_answers.TryDequeue(out var answer))
            {
                _broker!.Answer(answer);
            }

            // New ones may become ready behind these.
            for (var i = 0; i < _ready.Count; i++)
            {
                SendAll(_ready[i]);
            }

            _ready.Clear();
        }

        _world.Oracle.Settled();
    }

    private void SendAll(Peer peer)
    {
        while (_broker!.TryTake(peer, out var packet))
        {
            _world.Oracle.PacketOut(peer.Watched, packet);
            if (packet.Type == PacketType.PubAck)
            {
                _world.Oracle.Acknowledges(peer.Board, peer.Published.GetValueOrDefault(packet.Id), packet.Id);
            }

            peer.Wire.SendDown(packet, 0);
        }
    }

    private sealed class Peer(Wire wire, WatchedConnection watched) : ServerConnection
    {
        public Wire Wire => wire;

        public Boards.SimulatedBoard Board => watched.Board;

        public WatchedConnection Watched => watched;

        /// <summary>The newest message of each packet number that came on this connection.</summary>
        public Dictionary<ushort, ApplicationMessage> Published { get; } = [];
    }
}
