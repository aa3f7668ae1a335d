using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;

namespace Gateway.Mqtt.Tests.Endpoint;

/// <summary>Bytes on real sockets: what the endpoint does with good ones in pieces, bad ones, too many, and too few.</summary>
public sealed class WireTests
{
    private static readonly byte[] ConnectBytes = PacketEncoder.ToArray(Packet.Connecting(new ConnectPacket { ClientId = "raw" }));

    [Fact]
    [Proves("MQTT-7.1.1-1", "MQTT-3.2.0-1")]
    public async Task Packets_may_come_byte_by_byte_or_many_at_once()
    {
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        NetworkStream slow = (await live.DialAsync()).GetStream();
        foreach (byte one in ConnectBytes)
            await slow.WriteAsync(new[] { one }, TestContext.Current.CancellationToken);
        Assert.Equal([0x20, 2, 0, 0], await ReadAsync(slow, 4));

        NetworkStream fast = (await live.DialAsync()).GetStream();
        byte[] ping = PacketEncoder.ToArray(Packet.PingReq);
        await fast.WriteAsync((byte[])[.. ConnectBytes, .. Enumerable.Repeat(ping, 1_000).SelectMany(static bytes => bytes)], TestContext.Current.CancellationToken);
        byte[] answers = await ReadAsync(fast, 4 + 2_000);
        Assert.Equal(1_000, answers.Skip(4).Chunk(2).Count(static pair => pair is [0xD0, 0]));
    }

    [Theory]
    [InlineData("00 00", "reserved type")]
    [InlineData("30 FF FF FF 7F", "a packet of 256 MiB announced")]
    [InlineData("30 04 00 02 C3 28", "ill-formed UTF-8")]
    [InlineData("30 03 00 01 00", "U+0000")]
    [InlineData("36 05 00 01 61 00 01", "QoS 3")]
    [InlineData("62 02 00 00", "identifier 0")]
    [InlineData("20 02 00 00", "a packet of the server")]
    [Proves("MQTT-1.5.3-1", "MQTT-1.5.3-2", "MQTT-2.2.2-2", "MQTT-3.3.1-4", "MQTT-4.8.0-1")]
    public async Task A_violation_closes_the_socket_is_counted_and_harms_nobody_else(string hex, string what)
    {
        var policy = new SignalPolicy();
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        MqttConnection other = await live.ConnectAsync("other");
        NetworkStream stream = (await live.DialAsync()).GetStream();
        await stream.WriteAsync((byte[])[.. ConnectBytes, .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))], TestContext.Current.CancellationToken);
        Assert.Equal([0x20, 2, 0, 0], await ReadAsync(stream, 4));
        await AssertClosedAsync(stream);
        await policy.WaitAsync("lose raw");
        Assert.True(live.Endpoint.Counters.Malformed == 1, what);
        var pinged = new TaskCompletionSource();
        other.PingAnswered += () => pinged.TrySetResult();
        other.Ping();
        await pinged.Task.WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("10 02 00 00", "a CONNECT without a protocol name")]
    [InlineData("C0 00", "a first packet other than CONNECT")]
    [InlineData("47 45 54 20 2F 20 48 54 54 50", "HTTP")]
    [Proves("MQTT-3.1.0-1", "MQTT-3.1.4-1")]
    public async Task A_connection_that_does_not_begin_well_is_closed_without_an_answer(string hex, string what)
    {
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        NetworkStream stream = (await live.DialAsync()).GetStream();
        await stream.WriteAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        Assert.True(await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken) == 0, what);
    }

    [Fact]
    [Proves("MQTT-3.1.4-5", "MQTT-3.2.2-5")]
    public async Task A_refused_client_reads_its_code_and_then_the_end()
    {
        var policy = new SignalPolicy { Rule = static _ => ConnectDecision.Refuse(4) };
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        NetworkStream stream = (await live.DialAsync()).GetStream();
        await stream.WriteAsync(ConnectBytes, TestContext.Current.CancellationToken);
        Assert.Equal([0x20, 2, 0, 4], await ReadAsync(stream, 4));
        await AssertClosedAsync(stream);
    }

    [Fact]
    public async Task Connections_that_say_nothing_or_half_a_packet_are_closed_in_time()
    {
        var limits = new EndpointLimits { ConnectTimeoutMs = 300, PartialPacketTimeoutMs = 300, HeartbeatMs = 50 };
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(limits: limits);
        NetworkStream silent = (await live.DialAsync()).GetStream();
        NetworkStream half = (await live.DialAsync()).GetStream();
        await half.WriteAsync((byte[])[.. ConnectBytes, 0x30, 0x05, 0x00], TestContext.Current.CancellationToken);
        Assert.Equal([0x20, 2, 0, 0], await ReadAsync(half, 4));
        await AssertClosedAsync(silent);
        await AssertClosedAsync(half);
    }

    [Fact]
    public async Task Connections_over_the_limit_are_closed_at_once()
    {
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(limits: new EndpointLimits { MaxConnections = 2 });
        await live.ConnectAsync("a");
        await live.ConnectAsync("b");
        try
        {
            await AssertClosedAsync((await live.DialAsync()).GetStream());
        }
        catch (SocketException)
        {
            // Reset before the dialling was done.
        }
        Assert.Equal([new("too many connections", 1)], live.Endpoint.Counters.RefusedByReason());
    }

    [Fact]
    public async Task A_reader_that_stops_reading_holds_bounded_memory_and_is_cut_off_on_request()
    {
        var policy = new SignalPolicy();
        var limits = new EndpointLimits { MaxUnsentBytesPerConnection = 100_000, MaxQueuedPerSession = 100, MaxQueuedBytesPerSession = 5_100_000, CloseTimeoutMs = 200, HeartbeatMs = 50 };
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy, limits);
        NetworkStream stream = (await live.DialAsync()).GetStream();
        await stream.WriteAsync(
            (byte[])[.. ConnectBytes, .. PacketEncoder.ToArray(Packet.Subscribe(1, [new SubscribeRequest("flood", 1)]))], TestContext.Current.CancellationToken);
        await ReadAsync(stream, 4 + 5);

        MqttConnection writer = await live.ConnectAsync("writer");
        var watch = new ClientWatch(writer);
        byte[] payload = new byte[50_000];
        for (int i = 0; i < 1_000; i++)
        {
            writer.Publish(new ApplicationMessage("flood", payload, (byte)(i % 2), false));
            if (i % 2 == 1)
                await watch.PublishedAsync();
        }
        Assert.InRange(live.Endpoint.Counters.QueuedBytes, 1, limits.MaxQueuedBytesPerSession);
        Assert.True(live.Endpoint.Counters.DroppedSlowReader > 0 && live.Endpoint.Counters.DroppedQueueFull > 0);

        live.Endpoint.Disconnect("raw", "too slow");
        Assert.Equal("lose raw: too slow", await policy.WaitAsync("lose raw"));
        await live.StopAsync().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Receipts_may_be_answered_later_on_any_thread_and_a_refusal_closes()
    {
        var policy = new SignalPolicy();
        policy.Taker = static (message, receipt) => ThreadPool.QueueUserWorkItem(_ =>
        {
            if (message.Topic == "bad")
                receipt.Refuse("no");
            else
                receipt.Accept();
        });
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        MqttConnection client = await live.ConnectAsync("c");
        var watch = new ClientWatch(client);
        ApplicationMessage[] many = [.. Enumerable.Range(0, 3_000).Select(static _ => new ApplicationMessage("good", new byte[100], 1, false))];
        ushort[] ids = new ushort[many.Length];
        client.Publish(many, ids);
        foreach (ushort id in ids)
            Assert.Equal(id, await watch.PublishedAsync());
        client.Publish(new ApplicationMessage("bad", default, 1, false));
        await watch.ClosedAsync();
        Assert.Equal("lose c: no", await policy.WaitAsync("lose c"));
    }

    [Fact]
    public async Task A_policy_that_throws_costs_its_client_the_connection_and_nobody_else()
    {
        var policy = new SignalPolicy { Taker = static (_, _) => throw new InvalidOperationException("defect") };
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        var other = new ClientWatch(await live.ConnectAsync("other"));
        MqttConnection client = await live.ConnectAsync("c");
        var watch = new ClientWatch(client);
        client.Publish(new ApplicationMessage("t", default, 1, false));
        await watch.ClosedAsync();
        await policy.WaitAsync("lose c");
        await other.SubscribeAsync(("t", 0));
    }

    [Fact]
    public async Task A_policy_that_throws_on_a_will_still_lets_the_connection_end_and_the_client_return()
    {
        var policy = new SignalPolicy();
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        MqttConnection client = await live.ConnectAsync("c", clean: false, will: new ApplicationMessage("will", default, 2, false));
        policy.Taker = static (_, _) => throw new InvalidOperationException("defect");
        client.Dispose();
        await policy.WaitAsync("publish will");
        policy.Taker = null;
        MqttConnection again = await live.ConnectAsync("c", clean: false);
        Assert.True(again.SessionPresent);
        var watch = new ClientWatch(again);
        Assert.Equal(again.Publish(new ApplicationMessage("t", default, 2, false)), await watch.PublishedAsync());
    }

    [Fact]
    public async Task The_meter_tells_connections_bytes_refusals_and_malformed_packets()
    {
        var policy = new SignalPolicy();
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        await live.ConnectAsync("a");
        NetworkStream stream = (await live.DialAsync()).GetStream();
        await stream.WriteAsync((byte[])[0, 0], TestContext.Current.CancellationToken);
        await AssertClosedAsync(stream);

        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == "Gateway.Mqtt")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = Math.Max(seen.GetValueOrDefault(instrument.Name), value));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.True(seen["mqtt.connections"] >= 1 && seen["mqtt.bytes"] >= 4 && seen["mqtt.malformed"] >= 1, string.Join(", ", seen));
        Assert.Contains("mqtt.queued", seen.Keys);
        Assert.Contains("mqtt.dropped", seen.Keys);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        return bytes;
    }

    private static async Task AssertClosedAsync(NetworkStream stream)
    {
        try
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken));
        }
        catch (IOException)
        {
            // Reset instead of end: closed all the same.
        }
    }
}
