using System.Globalization;
using System.Net.Sockets;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Packets;
using Gateway.Mqtt.Tests.Sessions;

namespace Gateway.Mqtt.Tests.Endpoint;

/// <summary>
/// Damaged packets in the thousands: no crash, no hang, no memory kept. The count comes from GATEWAY_FUZZ_COUNT (default 50,000), the seed from
/// GATEWAY_FUZZ_SEED; a failure names both.
/// Runs alone, because it measures the heap.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int PacketsPerConnection = 20;

    /// <summary>Small, so that what the fuzzer leaves behind on purpose (sessions, retained messages, subscriptions) is bounded too.</summary>
    private static readonly EndpointLimits Limits = new()
    {
        MaxSessions = 50, MaxRetainedMessages = 50, MaxSubscriptionsPerSession = 5, MaxQueuedPerSession = 20, MaxTopicLength = 200, MaxRetainedBytes = 200_000,
        MaxInFlightPerSession = 5, MaxInboundQos2PerSession = 20, MaxPacketBytes = 65_536, HeartbeatMs = 50,
    };

    private static int Count => int.Parse(Environment.GetEnvironmentVariable("GATEWAY_FUZZ_COUNT") ?? "50000", CultureInfo.InvariantCulture);

    private static int Seed => Environment.GetEnvironmentVariable("GATEWAY_FUZZ_SEED") is { } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : Environment.TickCount & int.MaxValue;

    [Fact]
    public async Task Damaged_packets_on_real_sockets_crash_nothing_hang_nothing_and_keep_no_memory()
    {
        int seed = Seed;
        output.WriteLine($"GATEWAY_FUZZ_SEED={seed} GATEWAY_FUZZ_COUNT={Count}");
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(new OpenPolicy(), Limits);
        MqttConnection witness = await live.ConnectAsync("witness");
        await FloodAsync(live, seed, Math.Min(Count, 20_000));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await FloodAsync(live, unchecked(seed + 1_000_003), Count);
        long bound = before + (before / 20) + 1_000_000;
        long after = 0;
        bool isBack = SpinWait.SpinUntil(() => (after = GC.GetTotalMemory(forceFullCollection: true)) < bound, LiveEndpoint.Deadline);
        output.WriteLine($"{before:N0} bytes before, {after:N0} after, {live.Endpoint.Counters.Malformed:N0} malformed");

        var pinged = new TaskCompletionSource();
        witness.PingAnswered += () => pinged.TrySetResult();
        witness.Ping();
        await pinged.Task.WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        Assert.True(live.Endpoint.Counters.Malformed > Count / PacketsPerConnection / 2, $"seed {seed}: hardly anything was malformed");
        Assert.True(isBack, $"seed {seed}: heap grew from {before:N0} to {after:N0} bytes");
    }

    [Fact]
    public void Random_valid_packets_in_any_order_never_break_the_session_logic()
    {
        int seed = Seed;
        output.WriteLine($"GATEWAY_FUZZ_SEED={seed} GATEWAY_FUZZ_COUNT={Count}");
        var random = new Random(seed);
        var generator = new PacketGenerator(seed);
        var world = new BrokerWorld(Limits) { HoldsReceipts = true };
        var peers = new List<Peer>();
        for (int i = 0; i < Count; i++)
        {
            if (peers.Count < 10)
                peers.Add(world.Connect($"c{random.Next(20)}", clean: random.Next(2) == 0));
            Peer peer = peers[random.Next(peers.Count)];
            peer.IsReading = random.Next(10) > 0;
            Packet packet = generator.Next();
            if (packet.Type is not (PacketType.ConnAck or PacketType.SubAck or PacketType.UnsubAck or PacketType.PingResp or PacketType.Connect))
                peer.Send(packet);
            if (random.Next(3) == 0 && world.Held.Count > 0)
            {
                int held = random.Next(world.Held.Count);
                if (random.Next(50) == 0)
                    world.Held[held].Refuse("fuzz");
                else
                    world.Held[held].Accept();
                world.Held.RemoveAt(held);
                world.Settle();
            }
            if (random.Next(100) == 0)
                world.Advance(random.Next(5_000));
            if (random.Next(30) == 0)
                peer.Drop();
            peers.RemoveAll(static one => one.IsClosed);
            foreach (Peer one in peers)
                one.Received.Clear();
        }
        Assert.True(world.Broker.Counters.QueuedMessages >= 0 && world.Broker.Counters.QueuedBytes >= 0, $"seed {seed}");
        world.Broker.Stop(world.NowMs);
        Assert.Equal(0, world.Broker.Counters.Connections);
    }

    private static async Task FloodAsync(LiveEndpoint live, int seed, int count)
    {
        await Parallel.ForAsync(0, count / PacketsPerConnection, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var generator = new PacketGenerator(unchecked(seed + i));
            var bytes = new List<byte>();
            if (i % 4 != 0)
                bytes.AddRange(PacketEncoder.ToArray(Packet.Connecting(new ConnectPacket { ClientId = $"f{i % 20}", CleanSession = i % 3 != 0 })));
            for (int packet = 0; packet < PacketsPerConnection; packet++)
            {
                byte[] valid = PacketEncoder.ToArray(generator.Next());
                bytes.AddRange(packet % 3 == 0 ? generator.Mutate(valid) : valid);
            }
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(System.Net.IPAddress.Loopback, live.Port);
            await ExchangeAsync(tcp, [.. bytes]).WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        });
    }

    /// <summary>Sends everything, says that no more comes, and reads to the end: the endpoint must end it.</summary>
    private static async Task ExchangeAsync(TcpClient tcp, byte[] bytes)
    {
        byte[] sink = new byte[4_096];
        try
        {
            NetworkStream stream = tcp.GetStream();
            await stream.WriteAsync(bytes);
            tcp.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(sink) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The endpoint closed before it had read everything: that is its right.
        }
    }
}
