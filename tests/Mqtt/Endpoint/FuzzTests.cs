using System.Globalization;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Proof;
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
    /// <summary>A packet on a socket costs so much more than one in the session logic alone.</summary>
    private const int SocketShare = 5;

    private static int Count => int.Parse(Environment.GetEnvironmentVariable("GATEWAY_FUZZ_COUNT") ?? "50000", CultureInfo.InvariantCulture);

    private static int Seed => Environment.GetEnvironmentVariable("GATEWAY_FUZZ_SEED") is { } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : Environment.TickCount & int.MaxValue;

    [Fact]
    public async Task Damaged_packets_on_real_sockets_crash_nothing_hang_nothing_and_keep_no_memory()
    {
        int seed = Seed;
        output.WriteLine($"GATEWAY_FUZZ_SEED={seed} GATEWAY_FUZZ_COUNT={Count}");
        FuzzResult result = await FuzzProof.RunAsync(Count / SocketShare, seed, TestContext.Current.CancellationToken);
        output.WriteLine($"{result} grew {result.Growth:P1}");
        Assert.True(result.Holds, $"{result}, heap grew by {result.Growth:P1}, at most {FuzzResult.GrowthMax:P0} is allowed");
    }

    [Fact]
    public void Random_valid_packets_in_any_order_never_break_the_session_logic()
    {
        int seed = Seed;
        output.WriteLine($"GATEWAY_FUZZ_SEED={seed} GATEWAY_FUZZ_COUNT={Count}");
        var random = new Random(seed);
        var generator = new PacketGenerator(seed);
        var world = new BrokerWorld(FuzzProof.Limits) { HoldsReceipts = true };
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
        for (int i = 0; i < 20; i++)
            world.Connect($"c{i}").Drop();
        Assert.True(world.Broker.Counters is { QueuedMessages: 0, QueuedBytes: 0 }, $"seed {seed}: {world.Broker.Counters.QueuedMessages} messages, {world.Broker.Counters.QueuedBytes} bytes are counted, and no session is left");
        world.Broker.Stop(world.NowMs);
        Assert.Equal(0, world.Broker.Counters.Connections);
    }
}
