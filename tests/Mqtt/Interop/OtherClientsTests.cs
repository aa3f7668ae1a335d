using System.Text;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;
using Gateway.Mqtt.Tests.Endpoint;

namespace Gateway.Mqtt.Tests.Interop;

/// <summary>Other people's clients against our endpoint.</summary>
public sealed class OtherClientsTests
{
    private const string InstallMosquittoClients = "apt-get install mosquitto-clients";
    private const string InstallPaho = "apt-get install python3-paho-mqtt";
    private const string InstallMqttJs = "npm install -g mqtt";
    private const string SystemPython = "/usr/bin/python3";

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
    public async Task Paho_for_Python_publishes_subscribes_and_survives_a_burst_of_QoS_2()
    {
        Tool.Require(SystemPython, InstallPaho);
        using (Tool probe = Tool.Start(SystemPython, "-c", "import importlib.util as u; print('paho', u.find_spec('paho') is not None)"))
            Assert.SkipUnless((await probe.FinishAsync()).Contains("True", StringComparison.Ordinal), $"paho is not installed: {InstallPaho}");
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        string script = $$"""
            import paho.mqtt.client as mqtt
            got = []
            def on_connect(c, u, f, rc):
                c.subscribe("burst/#", 2)
            def on_subscribe(c, u, mid, granted):
                for i in range(500):
                    c.publish("burst/" + str(i), str(i), 2)
            def on_message(c, u, m):
                got.append(m.payload.decode())
                if len(got) == 500:
                    c.disconnect()
            c = mqtt.Client("paho")
            c.max_inflight_messages_set(100)
            c.on_connect, c.on_subscribe, c.on_message = on_connect, on_subscribe, on_message
            c.connect("127.0.0.1", {{live.Port}})
            c.loop_forever()
            print("in order", got == [str(i) for i in range(500)])
            """;
        using Tool paho = Tool.Start(SystemPython, "-c", script);
        Assert.Equal("in order True\n", await paho.FinishAsync());
    }

    [Fact]
    public async Task MQTT_js_publishes_and_subscribes()
    {
        Tool.Require("mqtt", InstallMqttJs);
        var policy = new SignalPolicy();
        await using LiveEndpoint live = await LiveEndpoint.StartAsync(policy);
        var watch = new ClientWatch(await live.ConnectAsync("ours"));
        await watch.SubscribeAsync(("from/js", 2));
        await policy.WaitAsync("subscribe from/js");
        string[] place = ["-h", "127.0.0.1", "-p", $"{live.Port}", "-q", "2"];
        using Tool reader = Tool.Start("mqtt", ["sub", "-t", "to/js", "-v", .. place]);
        await policy.WaitAsync("subscribe to/js");
        live.Endpoint.Publish(new ApplicationMessage("to/js", "hello"u8.ToArray(), 2, false));
        await reader.PrintsAsync("hello");

        using Tool writer = Tool.Start("mqtt", ["pub", "-t", "from/js", "-m", "salut", .. place]);
        Assert.Equal("salut", Encoding.UTF8.GetString((await watch.MessageAsync()).Payload.Span));
        await writer.FinishAsync();
    }
}
