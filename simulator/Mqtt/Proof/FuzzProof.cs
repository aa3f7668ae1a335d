using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Mqtt.Proof;

/// <summary>What a proof by damaged packets found.</summary>
/// <param name="Inputs">Packets that the endpoint had to judge, a third of them damaged. What stands behind the packet that ended its connection is not counted.</param>
/// <param name="Sent">Packets sent in all.</param>
/// <param name="Malformed">Connections that the endpoint closed as malformed.</param>
/// <param name="HeapBefore">Bytes after a full collection, after a first flood had filled what is bounded.</param>
/// <param name="HeapAfter">The same after the last packet.</param>
/// <param name="Errors">Exceptions inside the endpoint: each is a defect.</param>
/// <param name="Answers">A client that was connected all the time is still answered.</param>
public sealed record FuzzResult(long Inputs, long Sent, int Seed, long Malformed, long HeapBefore, long HeapAfter, long Errors, bool Answers)
{
    /// <summary>How much the heap may have grown.</summary>
    public const double GrowthMax = 0.05;

    public double Growth => ((double)HeapAfter / HeapBefore) - 1;

    /// <summary>With a look at the fuzzer itself: if hardly a connection ended as malformed, it did not damage anything.</summary>
    public bool Holds => Answers && Errors == 0 && Growth <= GrowthMax && Malformed > Sent / FuzzProof.PacketsPerConnection / 4;
}

/// <summary>Damaged packets on real sockets against the bare endpoint: no crash, no hang, no memory kept. It measures the heap of its own process, so nothing else may run there.</summary>
public static class FuzzProof
{
    /// <summary>Few, and the damaged one last: what stands behind the packet that ends a connection is never judged.</summary>
    public const int PacketsPerConnection = 3;

    /// <summary>Packets of the first flood, which fills sessions, retained messages and subscriptions up to their bounds.</summary>
    private const int WarmUp = 20_000;

    /// <summary>Packets of a last round, when few are missing.</summary>
    private const int LeastRound = 1_000;

    private const int AtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Small, so that what the fuzzer leaves behind on purpose (sessions, retained messages, subscriptions) is bounded too.</summary>
    public static EndpointLimits Limits { get; } = new()
    {
        MaxSessions = 50, MaxRetainedMessages = 50, MaxSubscriptionsPerSession = 5, MaxQueuedPerSession = 20, MaxTopicLength = 200, MaxRetainedBytes = 200_000,
        MaxInFlightPerSession = 5, MaxInboundQos2PerSession = 20, MaxPacketBytes = 65_536, HeartbeatMs = 50,
    };

    /// <param name="inputs">Packets to be judged, at least; a million takes minutes.</param>
    /// <exception cref="TimeoutException">The endpoint did not end a connection, or did not answer: it hangs.</exception>
    public static async Task<FuzzResult> RunAsync(int inputs, int seed, CancellationToken cancellation)
    {
        await using WebApplication app = BareEndpoint.Build(0, new OpenPolicy(), Limits);
        await app.StartAsync(cancellation);
        int port = BareEndpoint.PortOf(app);
        MqttEndpoint endpoint = app.Services.GetRequiredService<MqttEndpoint>();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port, cancellation);
        using var witness = new MqttConnection(tcp.GetStream());
        var pinged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        witness.PingAnswered += () => pinged.TrySetResult();
        await witness.ConnectAsync(new ConnectPacket { ClientId = "witness" }, Patience);

        await FloodAsync(port, seed, Math.Min(inputs, WarmUp), cancellation);
        long before = Settled(long.MaxValue);
        (long judged, long sent) = (0, 0);
        for (int round = 1; judged < inputs; round++)
        {
            (long more, long moreSent) = await FloodAsync(port, unchecked(seed + (round * 1_000_003)), (int)Math.Max(inputs - judged, LeastRound), cancellation);
            (judged, sent) = (judged + more, sent + moreSent);
        }
        long after = Settled((long)(before * (1 + FuzzResult.GrowthMax)));
        witness.Ping();
        bool answers = await Task.WhenAny(pinged.Task, Task.Delay(Patience, cancellation)) == pinged.Task;
        var result = new FuzzResult(judged, sent, seed, endpoint.Counters.Malformed, before, after, endpoint.Errors, answers);
        await app.StopAsync(cancellation);
        return result;
    }

    /// <summary>The heap after collections: until it is below the bound, or no patience is left; connections that just ended take a moment to let go.</summary>
    private static long Settled(long bound)
    {
        var watch = Stopwatch.StartNew();
        long lowest = long.MaxValue;
        int turns = 0;
        while (turns++ < 3 || (lowest > bound && watch.Elapsed < Patience))
            lowest = Math.Min(lowest, GC.GetTotalMemory(forceFullCollection: true));
        return lowest;
    }

    private static async Task<(long Judged, long Sent)> FloodAsync(int port, int seed, int count, CancellationToken cancellation)
    {
        int connections = count / PacketsPerConnection;
        long judged = 0;
        await Parallel.ForAsync(0, connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, _) =>
        {
            byte[] bytes = ConnectionOf(unchecked(seed + i), i);
            Interlocked.Add(ref judged, Judged(bytes));
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, port, cancellation);
            await ExchangeAsync(tcp, bytes).WaitAsync(Patience, cancellation);
        });
        return (judged, (long)connections * PacketsPerConnection);
    }

    /// <summary>How many packets of a connection are judged: up to the one that ends it, by its bytes, its place or its kind.</summary>
    private static int Judged(byte[] bytes)
    {
        int count = 0;
        var rest = new ReadOnlySequence<byte>(bytes);
        while (FrameReader.TryRead(rest, Limits.MaxPacketBytes, out byte firstByte, out int header, out int body, out _) == FrameStatus.Complete)
        {
            bool isGood = PacketDecoder.TryDecode(firstByte, rest.Slice(header, body).FirstSpan, null, out Packet packet, out _);
            bool isInPlace = (packet.Type == PacketType.Connect) == (count == 0);
            count++;
            if (!isGood || !isInPlace || packet.Type is PacketType.Disconnect or PacketType.ConnAck or PacketType.SubAck or PacketType.UnsubAck or PacketType.PingResp)
                return count;
            rest = rest.Slice(header + body);
        }
        return count + (rest.IsEmpty ? 0 : 1);
    }

    /// <summary>One connection's bytes: three of four begin with a CONNECT, a third of the packets are damaged.</summary>
    private static byte[] ConnectionOf(int seed, int i)
    {
        var generator = new PacketGenerator(seed);
        var bytes = new List<byte>();
        if (i % 4 != 0)
            bytes.AddRange(PacketEncoder.ToArray(Packet.Connecting(new ConnectPacket { ClientId = $"f{i % 20}", CleanSession = i % 3 != 0 })));
        for (int packet = 0; packet < PacketsPerConnection; packet++)
        {
            byte[] valid = PacketEncoder.ToArray(generator.Next());
            bytes.AddRange(packet % 3 == 2 ? generator.Mutate(valid) : valid);
        }
        return [.. bytes];
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
