using System.Text;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;
using Gateway.Mqtt.Tests.Conformance;
using Gateway.Mqtt.Tests.Endpoint;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Mqtt.Tests.Sessions;

public sealed class RestartTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"sessions-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Proves("MQTT-4.1.0-1", "MQTT-3.1.2-4", "MQTT-3.1.2-7")]
    public void A_persistent_session_survives_an_orderly_restart_with_all_its_parts(bool onDisk)
    {
        ISessionStore store = onDisk ? new FileSessionStore(path) : new MemorySessionStore();
        var world = new BrokerWorld(new EndpointLimits { MaxInFlightPerSession = 3 });
        Peer reader = world.Connect("reader", clean: false);
        reader.Subscribe(("t/\u4F60/#", 2));
        Peer writer = world.Connect("writer", clean: false);
        writer.Publish("kept", retain: true, text: "still here");
        for (ushort id = 1; id <= 5; id++)
            writer.Publish($"t/\u4F60/{id}", qos: 2, id: id, text: $"{id}");
        Packet[] sent = [.. reader.Received];
        Assert.Equal(3, sent.Length);
        reader.Send(Packet.PubRec(sent[0].Id));
        world.Connect("passing", clean: true).Subscribe(("t", 0));

        world.Restart(store);

        Assert.Equal((2, 1, 1), (world.Broker.Counters.Sessions, world.Broker.Counters.Subscriptions, world.Broker.Counters.RetainedMessages));
        reader = world.Connect("reader", clean: false);
        Assert.Equal(
            [$"Publish {sent[1].Id} 2 True", $"Publish {sent[2].Id} 3 True", $"PubRel {sent[0].Id}"],
            reader.Received.Select(static packet => packet.Type == PacketType.Publish
                ? $"Publish {packet.Id} {Peer.Describe(packet).Text} {packet.Dup}"
                : $"{packet.Type} {packet.Id}"));
        reader.Received.Clear();
        reader.Send(Packet.PubComp(sent[0].Id));
        Assert.Equal("4", reader.TakePublish().Text);

        writer = world.Connect("writer", clean: false);
        world.Heard.Clear();
        writer.Publish("t/\u4F60/5", qos: 2, id: 5, dup: true, text: "5");
        Assert.Equal("PubRec(5)", writer.Take().ToString());
        Assert.Empty(world.Heard);
        writer.Subscribe(("kept", 0));
        Assert.Equal("still here", writer.TakePublish().Text);
    }

    [Fact]
    public void Absence_goes_on_over_a_restart()
    {
        var world = new BrokerWorld(new EndpointLimits { OfflineSessionSeconds = 3_600 });
        world.Connect("a", clean: false).Drop();
        world.Advance(1_800_000);
        world.Restart(new MemorySessionStore(), pauseMs: 60_000);
        world.Advance(1_790_000);
        Assert.Equal(1, world.Broker.Counters.Sessions);
        world.Advance(70_000);
        Assert.Equal(0, world.Broker.Counters.Sessions);
    }

    [Fact]
    public void State_is_taken_once_so_that_a_crash_never_brings_back_what_is_no_longer_true()
    {
        var store = new FileSessionStore(path);
        store.Save(new BrokerState([], [new ApplicationMessage("t", Encoding.UTF8.GetBytes("x"), 1, true)]));
        Assert.Equal("t", store.Take()!.Retained.Single().Topic);
        Assert.Null(store.Take());
    }

    [Fact]
    public void A_damaged_file_is_no_state()
    {
        var store = new FileSessionStore(path);
        store.Save(new BrokerState([], [new ApplicationMessage("t", Encoding.UTF8.GetBytes("x"), 1, true)]));
        byte[] good = File.ReadAllBytes(path);
        for (int at = 0; at < good.Length; at++)
        {
            byte[] bad = [.. good];
            bad[at] ^= 1;
            File.WriteAllBytes(path, bad);
            Assert.Null(store.Take());
            File.WriteAllBytes(path, good[..at]);
            Assert.Null(store.Take());
        }
    }

    [Fact]
    public async Task A_client_finds_its_session_after_a_restart_of_the_host()
    {
        var session = new ClientSession();
        for (int run = 0; run < 2; run++)
        {
            await using WebApplication app = Build();
            await app.StartAsync(TestContext.Current.CancellationToken);
            using var tcp = new System.Net.Sockets.TcpClient();
            await tcp.ConnectAsync(System.Net.IPAddress.Loopback, BareEndpoint.PortOf(app), TestContext.Current.CancellationToken);
            using var client = new MqttConnection(tcp.GetStream(), session);
            var watch = new ClientWatch(client);
            Assert.Equal(0, await client.ConnectAsync(new ConnectPacket { ClientId = "kept", CleanSession = false }, LiveEndpoint.Deadline));
            Assert.Equal(run == 1, client.SessionPresent);
            if (run == 0)
            {
                await watch.SubscribeAsync(("t", 1));
            }
            else
            {
                app.Services.GetRequiredService<MqttEndpoint>().Publish(new ApplicationMessage("t", default, 1, false));
                Assert.Equal("t", (await watch.MessageAsync()).Topic);
            }
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    private WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IEndpointPolicy>(new OpenPolicy());
        builder.Services.AddSingleton<ISessionStore>(new FileSessionStore(path));
        builder.Services.AddMqttEndpoint();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ListenMqtt(System.Net.IPAddress.Loopback, 0));
        return builder.Build();
    }
}
