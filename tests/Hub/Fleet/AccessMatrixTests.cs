using System.Net.Sockets;
using System.Text;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Fleet;

/// <summary>Every device of the station against every topic of every device, in each of the four ways in which a client can touch a topic [GW-4].</summary>
public sealed class AccessMatrixTests
{
    [Fact]
    public async Task A_will_is_refused_at_the_socket_unless_it_is_the_devices_own_word_GW4()
    {
        using var folder = new TempFolder();
        await using var app = HubHost.Build(new HubOptions { DataFolder = folder.Path, StationFile = "", AllowVirtualBoards = true }, Seeds.Sumitu);
        var addresses = await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
        var hub = app.Services.GetRequiredService<HubService>();
        var file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        await hub.ProvisionAsync("sumitu-02", "test", TestContext.Current.CancellationToken);
        foreach (var leaf in Topics.Uplink.Concat(Topics.Downlink).Append("other"))
        {
            Assert.Equal(Topics.Uplink.Contains(leaf) ? 0 : 5, await CodeOfWill(Topics.Of("sumitu-01", leaf)));
            Assert.Equal(5, await CodeOfWill(Topics.Of("sumitu-02", leaf)));
        }

        Assert.Equal(5, await CodeOfWill(Topics.HubStatus));
        await app.StopAsync(TestContext.Current.CancellationToken);

        async Task<int> CodeOfWill(string topic)
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync("127.0.0.1", addresses.MqttPort, TestContext.Current.CancellationToken);
            using var mqtt = new MqttConnection(tcp.GetStream());
            return await mqtt.ConnectAsync(
                new ConnectPacket
                {
                    ClientId = file.Device, UserName = file.Device, Password = Encoding.ASCII.GetBytes(file.Password), CleanSession = true,
                    Will = new ApplicationMessage(topic, "{}"u8.ToArray(), 1, false),
                },
                TimeSpan.FromSeconds(60));
        }
    }

    [Fact]
    public async Task Every_device_reaches_its_own_topics_in_their_own_direction_and_nothing_else_GW4()
    {
        using var folder = new TempFolder();
        await using var hub = HubService.Open(new HubOptions { DataFolder = folder.Path, StationFile = "" }, Seeds.Sumitu, NullLogger.Instance);
        var policy = new HubEndpointPolicy(hub.Devices, hub.Gate, hub.Counters, hub.TryTake);
        var devices = Seeds.Sumitu.Boards.Select(board => board.DeviceId).ToList();
        var passwords = new Dictionary<string, string>();
        foreach (var device in devices)
        {
            passwords[device] = (await hub.ProvisionAsync(device, "test", TestContext.Current.CancellationToken)).Password;
        }

        string[] retainable = ["status", "config/reported"];
        var leaves = Topics.Uplink.Concat(Topics.Downlink).Concat(["", "+", "#", "other", "signal/more", "SIGNAL"]).ToList();
        var (asked, allowed) = (0, 0);
        foreach (var device in devices)
        {
            var me = policy.Authenticate(new ConnectAttempt(device, device, Encoding.ASCII.GetBytes(passwords[device]), true, null, null)).Identity!;
            foreach (var other in devices.Concat(["+", "#", "nobody-00"]))
            {
                foreach (var leaf in leaves)
                {
                    var topic = Topics.Of(other, leaf);
                    var isUp = other == device && Topics.Uplink.Contains(leaf);
                    Expect(policy.MayPublish(me, topic, retain: false), isUp, $"{device} publishes {topic}");
                    Expect(policy.MayPublish(me, topic, retain: true), isUp && retainable.Contains(leaf), $"{device} publishes retained, or as its will, {topic}");
                    Expect(policy.MaySubscribe(me, topic), other == device && Topics.Downlink.Contains(leaf), $"{device} subscribes {topic}");
                }

                // The client id is bound to the credential: no board connects under another's id, user name or password.
                if (other != device)
                {
                    Expect(policy.Authenticate(new ConnectAttempt(other, other, Encoding.ASCII.GetBytes(passwords[device]), true, null, null)).Identity is not null, false, $"{other} by the password of {device}");
                    Expect(policy.Authenticate(new ConnectAttempt(other, device, Encoding.ASCII.GetBytes(passwords[device]), true, null, null)).Identity is not null, false, $"{device} under the client id {other}");
                }
            }

            foreach (var topic in new[] { "#", "+", "hub/status", "hub/+", "gw/#", "gw/+/signal", "$SYS/#", "$share/g/gw/+/signal", "" })
            {
                Expect(policy.MayPublish(me, topic, retain: false), false, $"{device} publishes {topic}");
                Expect(policy.MaySubscribe(me, topic), topic == Topics.HubStatus, $"{device} subscribes {topic}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{devices.Count} devices, {asked} combinations, {allowed} allowed");
        Assert.Equal(devices.Count * (Topics.Uplink.Count + retainable.Length + Topics.Downlink.Count + 1), allowed);

        void Expect(bool actual, bool expected, string what)
        {
            (asked, allowed) = (asked + 1, allowed + (actual ? 1 : 0));
            Assert.True(actual == expected, $"{what}: {actual}");
        }
    }
}
