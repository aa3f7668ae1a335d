using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.Mqtt.Endpoint;
using Gateway.NanoFramework.Board;
using Gateway.VirtualBoard;
using Microsoft.AspNetCore.Builder;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>The firmware's own composition on a real-time board, with a broker that allows everything and no hub behind it.</summary>
public sealed class RealTimeBoardTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("gateway-board-").FullName;
    readonly WebApplication endpoint = BareEndpoint.Build(0, new OpenPolicy(), new EndpointLimits());
    readonly VirtualHardware listenerHardware = new();
    readonly BlockingCollection<(string Topic, string Payload)> messages = [];
    readonly ManualResetEvent listening = new(false);
    RealTimeBoard board = null!;

    public async ValueTask InitializeAsync()
    {
        await endpoint.StartAsync();
        var port = BareEndpoint.PortOf(endpoint);
        listenerHardware.Boot(_ => Listen(port));
        Deadline.Wait(listening, "the listener's subscription");
        File.WriteAllText(Path.Combine(folder, SettingsStore.FileName), Provisioning.Json(port));
        board = new RealTimeBoard(new RealTimeBoardOptions("test", folder));
    }

    public async ValueTask DisposeAsync()
    {
        board.Dispose();
        listenerHardware.CutPower();
        await endpoint.DisposeAsync();
        messages.Dispose();
        listening.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_board_announces_itself_as_virtual_and_a_press_at_the_pin_lights_the_lamp_and_goes_out()
    {
        using var journalled = new ManualResetEvent(false);
        board.OutputChanged += edge =>
        {
            if (edge is { Indicator: IndicatorId.Journalled, On: true }) journalled.Set();
        };
        board.PowerOn();
        Assert.Contains("\"virtual\":true", Next("gw/sumitu-01/status"));

        board.Press(InputId.Help, 200);

        Deadline.Wait(journalled, "the lamp 'journalled'");
        Assert.Contains("\"kind\":\"help\"", Next("gw/sumitu-01/signal", "\"lane\":\"call\""));
        Assert.Equal(1u, board.Status!.CallBacklog);
    }

    [Fact]
    public void A_press_without_cable_and_a_power_cut_after_it_arrive_when_both_are_back()
    {
        using var journalled = new ManualResetEvent(false);
        board.OutputChanged += edge =>
        {
            if (edge is { Indicator: IndicatorId.Journalled, On: true }) journalled.Set();
        };
        board.PowerOn();
        Next("gw/sumitu-01/status");
        board.UnplugNetwork();
        board.Press(InputId.Help, 200);
        Deadline.Wait(journalled, "the lamp 'journalled'");

        board.PowerOff();
        Assert.False(board.Output(IndicatorId.Journalled).On);
        board.PlugNetwork();
        board.PowerOn();

        Assert.Contains("\"kind\":\"help\"", Next("gw/sumitu-01/signal", "\"lane\":\"call\""));
    }

    [Fact]
    public void A_power_cycle_is_a_new_boot_of_the_same_board()
    {
        board.PowerOn();
        Assert.Contains("\"boot\":1,", Next("gw/sumitu-01/status"));

        board.PowerOff();
        board.PowerOn();

        Assert.Contains("\"boot\":2,", Next("gw/sumitu-01/status", "\"boot\":2,"));
    }

    [Fact]
    public void A_blank_board_is_provisioned_through_its_service_header_and_then_announces_itself()
    {
        var port = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, SettingsStore.FileName))).RootElement.GetProperty("port").GetInt32();
        File.Delete(Path.Combine(folder, SettingsStore.FileName));
        board.PowerOn();
        Assert.Contains("not provisioned: missing:device", Answer("status", "not provisioned"));
        foreach (var (name, value) in new[]
        {
            ("device", "sumitu-01"), ("hub", "7d1f0c2a94b36e58"), ("key", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
            ("host", "127.0.0.1"), ("port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("password", "a-password-of-a-test"),
        })
        {
            var answer = Answer($"set {name} {value}", "\r\n");
            Assert.Equal("ok\r\n", answer);
        }

        Assert.Equal("ok\r\n", Answer("set save", "\r\n"));
        Assert.Contains("\"boot\":1,", Next("gw/sumitu-01/status"));
        Assert.Contains("device sumitu-01", Answer("status", "faults"));
        Assert.DoesNotContain("a-password-of-a-test", Answer("set", "draft"));
    }

    string Answer(string line, string end)
    {
        board.TypeAtService(line);
        var answer = "";
        Deadline.Until(() => (answer += board.ReadService()).Contains(end, StringComparison.Ordinal), $"the answer to '{line}', ending with '{end}'");
        return answer;
    }

    string Next(string topic, string with = "")
    {
        while (messages.TryTake(out var message, Deadline.WaitMs))
            if (message.Topic == topic && message.Payload.Contains(with, StringComparison.Ordinal)) return message.Payload;
        throw new TimeoutException($"No message on {topic} with '{with}'. Log:\n{string.Join('\n', board.LogLines)}");
    }

    void Listen(int port)
    {
        var client = new MqttClient("127.0.0.1");
        client.Init("127.0.0.1", port, false, null!, null!, MqttSslProtocols.None);
        client.MqttMsgSubscribed += (_, _) => listening.Set();
        client.MqttMsgPublishReceived += (_, e) => messages.Add((e.Topic, Encoding.ASCII.GetString(e.Message)));
        client.Connect("listener", null!, null!, false, MqttQoSLevel.AtMostOnce, false, null!, null!, true, 60);
        client.Subscribe(["gw/#"], [MqttQoSLevel.AtLeastOnce]);
        Thread.CurrentThread.Join();
    }
}
