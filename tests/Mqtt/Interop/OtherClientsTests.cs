using System.Text;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;
using Gateway.Mqtt.Tests.Endpoint;

namespace Gateway.Mqtt.Tests.Interop;

/// <summary>Mosquitto's own programs against our endpoint. Libraries of others: <see cref="ClientProgramTests"/>.</summary>
public sealed class OtherClientsTests
{
    private const string InstallMosquittoClients = "apt-get install mosquitto-clients";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Proves("MQTT-7.0.0-2")]
    public async Task Mosquitto_clients_talk_to_each_other(int qos)
    {
        Tool.Require("mosquitto_sub", InstallMosquittoClients);
        var policy = new SignalPolicy();
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        string port = $"{live.Port}";
        using Tool reader = Tool.Start("mosquitto_sub", "-V", "mqttv311", "-h", "127.0.0.1", "-p", port, "-t", "a/#", "-q", "2", "-C", "1", "-F", "%t %q %r %p");
        await policy.WaitAsync("subscribe a/#");
        using Tool writer = Tool.Start("mosquitto_pub", "-V", "mqttv311", "-h", "127.0.0.1", "-p", port, "-t", "a/b", "-q", $"{qos}", "-m", "hello");
        await writer.FinishAsync();
        Assert.Equal($"a/b {qos} 0 hello\n", await reader.FinishAsync());
        await policy.WaitAsync("leave");
    }

    [Fact]
    public async Task A_mosquitto_client_gets_what_its_session_missed_and_the_will_of_another()
    {
        Tool.Require("mosquitto_sub", InstallMosquittoClients);
        var policy = new SignalPolicy();
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        string[] session = ["-V", "mqttv311", "-h", "127.0.0.1", "-p", $"{live.Port}", "-i", "kept", "-c", "-q", "1", "-t", "a", "-t", "will"];
        using (Tool first = Tool.Start("mosquitto_sub", [.. session, "-E"]))
            await first.FinishAsync();
        await policy.WaitAsync("leave kept");
        live.Endpoint.Publish(new ApplicationMessage("a", "missed"u8.ToArray(), 1, false));
        MqttConnection dying = await live.ConnectAsync("dying", will: new ApplicationMessage("will", "died"u8.ToArray(), 1, false));
        dying.Dispose();
        await policy.WaitAsync("lose dying");

        using Tool second = Tool.Start("mosquitto_sub", [.. session, "-C", "2"]);
        Assert.Equal("missed\ndied\n", await second.FinishAsync());
    }

    [Fact]
    public async Task A_mosquitto_client_of_another_protocol_version_is_told_so()
    {
        Tool.Require("mosquitto_pub", InstallMosquittoClients);
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        using Tool writer = Tool.Start("mosquitto_pub", "-V", "mqttv5", "-h", "127.0.0.1", "-p", $"{live.Port}", "-t", "a", "-m", "x");
        await writer.PrintsAsync("onnection");
    }

    [Fact]
    [Proves("MQTT-3.3.1-6", "MQTT-3.3.1-10")]
    public async Task A_mosquitto_client_gets_a_retained_message_until_it_is_removed()
    {
        Tool.Require("mosquitto_sub", InstallMosquittoClients);
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        string[] place = ["-V", "mqttv311", "-h", "127.0.0.1", "-p", $"{live.Port}"];
        using (Tool writer = Tool.Start("mosquitto_pub", [.. place, "-t", "r", "-q", "1", "-r", "-m", "kept"]))
            await writer.FinishAsync();
        using (Tool reader = Tool.Start("mosquitto_sub", [.. place, "-t", "r", "-q", "1", "-C", "1", "-F", "%q %r %p"]))
            Assert.Equal("1 1 kept\n", await reader.FinishAsync());
        // QoS 1: a client that has ended with QoS 0 proves nothing about what the server has read yet.
        using (Tool remover = Tool.Start("mosquitto_pub", [.. place, "-t", "r", "-q", "1", "-r", "-n"]))
            await remover.FinishAsync();
        Assert.Equal(0, live.Endpoint.Counters.RetainedMessages);
    }

    [Fact]
    [Proves("MQTT-3.1.4-2")]
    public async Task A_mosquitto_client_is_taken_over_by_another_of_its_id()
    {
        Tool.Require("mosquitto_sub", InstallMosquittoClients);
        var policy = new SignalPolicy();
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        using Tool first = Tool.Start("mosquitto_sub", "-V", "mqttv311", "-h", "127.0.0.1", "-p", $"{live.Port}", "-i", "same", "-t", "a");
        await policy.WaitAsync("subscribe a");
        using (Tool second = Tool.Start("mosquitto_pub", "-V", "mqttv311", "-h", "127.0.0.1", "-p", $"{live.Port}", "-i", "same", "-t", "b", "-q", "1", "-m", "x"))
            await second.FinishAsync();
        Assert.Equal("lose same: taken over by a new connection", await policy.WaitAsync("lose same"));
    }

    [Fact]
    [Proves("MQTT-3.3.5-1")]
    public async Task A_mosquitto_client_with_overlapping_subscriptions_gets_a_burst_of_500_QoS_2_messages_once_and_in_order()
    {
        Tool.Require("mosquitto_sub", InstallMosquittoClients);
        var policy = new SignalPolicy();
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        using Tool reader = Tool.Start("mosquitto_sub", "-V", "mqttv311", "-h", "127.0.0.1", "-p", $"{live.Port}", "-t", "b/#", "-t", "b/+", "-q", "2", "-C", "500", "-F", "%q %p");
        await policy.WaitAsync("subscribe b/+");
        for (int i = 0; i < 500; i++)
            live.Endpoint.Publish(new ApplicationMessage("b/1", Encoding.UTF8.GetBytes($"{i}"), 2, false));
        Assert.Equal(Enumerable.Range(0, 500).Select(static i => $"2 {i}"), (await reader.FinishAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
