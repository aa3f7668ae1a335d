using System.Buffers;
using System.Text;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;

namespace Gateway.Mqtt.Tests.Sessions;

/// <summary>
/// The session logic in a world without sockets or clock: time moves when a test says so, and every packet crosses the codec in both directions.
/// It is host and policy at once; the policy lets everything through unless a test closes a door.
/// </summary>
internal sealed class BrokerWorld : IBrokerHost, IEndpointPolicy
{
    private readonly Queue<InboundPublish> answers = new();
    private readonly HashSet<Peer> ready = [];
    private int assignedIds;

    public BrokerWorld(EndpointLimits? limits = null)
    {
        Limits = limits ?? new EndpointLimits();
        Broker = new Broker(Limits, this, this, () => $"assigned-{++assignedIds}");
    }

    public EndpointLimits Limits { get; }

    public Broker Broker { get; private set; }

    public long NowMs { get; set; } = 1_000;

    /// <summary>What the policy heard, as sentences.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>True: publishes wait in <see cref="Held"/> for the test to answer them.</summary>
    public bool HoldsReceipts { get; set; }

    public List<PublishReceipt> Held { get; } = [];

    public bool Routes { get; set; } = true;

    public byte AuthenticateCode { get; set; }

    public Func<string, bool> PublishRule { get; set; } = static _ => true;

    public Func<string, bool> SubscribeRule { get; set; } = static _ => true;

    public Peer Open(System.Net.IPAddress? address = null)
    {
        var peer = new Peer(this);
        if (!Broker.Open(peer, NowMs, address))
            peer.IsClosed = true;
        return peer;
    }

    /// <summary>A peer that got CONNACK 0, which is taken off its received packets.</summary>
    public Peer Connect(string clientId, bool clean = true, ApplicationMessage? will = null, ushort keepAliveSeconds = 0)
    {
        Peer peer = Open();
        peer.Send(Packet.Connecting(new ConnectPacket { ClientId = clientId, CleanSession = clean, Will = will, KeepAliveSeconds = keepAliveSeconds }));
        Packet answer = peer.Take();
        Assert.Equal((PacketType.ConnAck, (byte)0), (answer.Type, answer.Code));
        return peer;
    }

    /// <summary>Time passes, with a look at the deadlines at its end.</summary>
    public void Advance(long ms)
    {
        NowMs += ms;
        Broker.Tick(NowMs);
        Settle();
    }

    /// <summary>The server stops in good order and starts again after a while, with what it saved.</summary>
    public void Restart(ISessionStore store, long pauseMs = 0)
    {
        Broker.Stop(NowMs);
        Settle();
        store.Save(Broker.Export(NowMs));
        NowMs += pauseMs;
        Broker = new Broker(Limits, this, this, () => $"assigned-{++assignedIds}");
        if (store.Take() is { } state)
            Broker.Import(state, NowMs);
    }

    public void Accept(int index)
    {
        Held[index].Accept();
        Settle();
    }

    /// <summary>Carries everything that is on its way to its end.</summary>
    public void Settle()
    {
        bool isBusy = true;
        while (isBusy)
        {
            isBusy = false;
            while (answers.TryDequeue(out InboundPublish? answer))
                Broker.Answer(answer);
            foreach (Peer peer in ready.Where(static peer => peer.IsReading).ToList())
            {
                ready.Remove(peer);
                while (Broker.TryTake(peer, out Packet packet))
                {
                    isBusy = true;
                    peer.Arrive(packet);
                }
            }
        }
    }

    void IBrokerHost.Answered(InboundPublish publish) => answers.Enqueue(publish);

    void IBrokerHost.OutputReady(ServerConnection connection) => ready.Add((Peer)connection);

    void IBrokerHost.Ended(ServerConnection connection) => ((Peer)connection).IsClosed = true;

    ConnectDecision IEndpointPolicy.Authenticate(ConnectAttempt attempt) =>
        AuthenticateCode == 0 ? ConnectDecision.Allow(new ClientIdentity(attempt.ClientId, "test")) : ConnectDecision.Refuse(AuthenticateCode);

    bool IEndpointPolicy.MayPublish(ClientIdentity client, string topic, bool retain) => PublishRule(topic);

    bool IEndpointPolicy.MaySubscribe(ClientIdentity client, string filter) => SubscribeRule(filter);

    bool IEndpointPolicy.OnPublish(ClientIdentity client, ApplicationMessage message, PublishReceipt receipt)
    {
        Heard.Add($"{client.ClientId} published {message.Topic}");
        if (HoldsReceipts)
            Held.Add(receipt);
        else
            receipt.Accept();
        return Routes;
    }

    void IEndpointPolicy.OnConnected(ClientIdentity client) => Heard.Add($"{client.ClientId} connected");

    void IEndpointPolicy.OnDisconnected(ClientIdentity client, bool clean, string reason) =>
        Heard.Add($"{client.ClientId} disconnected {(clean ? "cleanly" : "uncleanly")}");
}

/// <summary>A client as the broker sees it, with what it received.</summary>
internal sealed class Peer(BrokerWorld world) : ServerConnection
{
    public Queue<Packet> Received { get; } = new();

    public bool IsClosed { get; set; }

    /// <summary>False: a slow reader; its packets stay in the broker.</summary>
    public bool IsReading { get; set; } = true;

    public void Send(in Packet packet)
    {
        if (packet.Type == PacketType.Connect)
            world.Broker.Connect(this, packet.Connect, world.Broker.Judge(packet.Connect, null, null), world.NowMs);
        else
            world.Broker.Receive(this, ThroughCodec(packet), world.NowMs);
        world.Settle();
    }

    public void Publish(string topic, byte qos = 0, bool retain = false, ushort id = 0, bool dup = false, string text = "x") =>
        Send(Packet.Publish(new ApplicationMessage(topic, Encoding.UTF8.GetBytes(text), qos, retain), qos, retain, id, dup));

    public byte[] Subscribe(params (string Filter, byte Qos)[] filters)
    {
        Send(Packet.Subscribe(900, [.. filters.Select(static pair => new SubscribeRequest(pair.Filter, pair.Qos))]));
        Packet answer = Take();
        Assert.Equal((PacketType.SubAck, (ushort)900), (answer.Type, answer.Id));
        return answer.Codes;
    }

    public void Drop()
    {
        world.Broker.Lost(this, "test", world.NowMs);
        world.Settle();
    }

    public void Arrive(in Packet packet) => Received.Enqueue(ThroughCodec(packet));

    public Packet Take()
    {
        Assert.True(Received.Count > 0, $"The peer received nothing. Connection: {State} {EndReason}");
        return Received.Dequeue();
    }

    /// <summary>Takes a PUBLISH and says what it was: topic, QoS, retain, dup, text.</summary>
    public (string Topic, byte Qos, bool Retain, bool Dup, string Text) TakePublish() => Describe(Take());

    public static (string Topic, byte Qos, bool Retain, bool Dup, string Text) Describe(in Packet packet)
    {
        Assert.Equal(PacketType.Publish, packet.Type);
        return (packet.Message.Topic, packet.Qos, packet.Retain, packet.Dup, Encoding.UTF8.GetString(packet.Message.Payload.Span));
    }

    public void AssertNothingReceived() => Assert.Empty(Received.Select(static packet => packet.ToString()));

    private static Packet ThroughCodec(in Packet packet)
    {
        byte[] bytes = PacketEncoder.ToArray(packet);
        FrameStatus status = FrameReader.TryRead(
            new ReadOnlySequence<byte>(bytes), int.MaxValue, out byte first, out int header, out int body, out PacketFault fault);
        Assert.True(status == FrameStatus.Complete, $"{packet}: {fault}");
        Assert.True(PacketDecoder.TryDecode(first, bytes.AsSpan(header, body), null, out Packet decoded, out fault), $"{packet}: {fault}");
        return decoded;
    }
}
