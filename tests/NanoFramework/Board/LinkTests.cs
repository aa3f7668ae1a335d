using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Firmware.Esp32;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;
using Gateway.Mqtt.Endpoint;
using Gateway.NanoFramework.Board;
using Microsoft.AspNetCore.Builder;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>The board's own link adapter over real sockets, when the network does its worst.</summary>
public sealed class LinkTests : IAsyncLifetime
{
    /// <summary>The hub's supervision window (architecture: heartbeat 5 s, window 18 s), ms.</summary>
    const int SupervisionWindowMs = 18_000;

    readonly VirtualHardware hardware = new();
    readonly ManualResetEvent booted = new(false);
    readonly WebApplication endpoint = BareEndpoint.Build(0, new OpenPolicy(), new EndpointLimits());
    readonly AutoResetEvent wake = new(false);
    readonly BlockingCollection<Action> board = [];
    readonly CheckIns checkIns = new();
    readonly RecordingLog log = new();
    M2MqttLink link = null!;
    int port;

    public async ValueTask InitializeAsync()
    {
        await endpoint.StartAsync();
        port = BareEndpoint.PortOf(endpoint);
        hardware.Boot(incarnation =>
        {
            link = new M2MqttLink(wake, new BootClock(incarnation), checkIns, new BootLog(incarnation, log));
            booted.Set();
            foreach (var work in board.GetConsumingEnumerable()) work();
        });
        Deadline.Wait(booted, "boot");
    }

    public async ValueTask DisposeAsync()
    {
        hardware.CutPower();
        booted.Dispose();
        wake.Dispose();
        board.Dispose();
        await endpoint.DisposeAsync();
    }

    [Fact]
    public void An_attempt_that_hangs_is_disowned_and_the_next_one_does_not_wait_for_it()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        OnBoard(() => link.Open(Request(((IPEndPoint)mute.LocalEndpoint).Port)));
        Deadline.Until(() => mute.Pending(), "the attempt that nobody answers");

        OnBoard(link.Close);
        Assert.Equal(LinkState.Down, link.State);
        OnBoard(() => link.Open(Request(port)));

        Deadline.Until(() => link.State == LinkState.Up, "the second attempt: " + log);
        Assert.Equal(1, link.AbandonedCount);

        // TCP lets the first one go: its worker ends, and what it says counts for nothing.
        mute.AcceptSocket().Dispose();
        Deadline.Until(() => link.AbandonedCount == 0, "the end of the hanging worker");
        Assert.Equal(LinkState.Up, link.State);
    }

    [Fact]
    public void With_too_many_hanging_workers_no_attempt_begins_and_none_checks_in()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        for (var attempt = 1; attempt <= M2MqttLink.AbandonedMax + 1; attempt++)
        {
            OnBoard(() => link.Open(Request(((IPEndPoint)mute.LocalEndpoint).Port)));
            Deadline.Until(() => mute.Pending(), $"attempt {attempt}");
            OnBoard(link.Close);
            if (attempt <= M2MqttLink.AbandonedMax) mute.AcceptSocket();
        }

        Assert.Equal(M2MqttLink.AbandonedMax, link.AbandonedCount);
        var now = hardware.Running!.UpMs;
        Assert.Equal(LoopId.Link, checkIns.Stuck(now + Supervisor.LinkLimitMs + 1));
    }

    [Fact]
    public void An_idle_connection_that_died_without_a_word_is_noticed_within_the_supervision_window_I11()
    {
        OnBoard(() => link.Open(Request(port)));
        Deadline.Until(() => link.State == LinkState.Up, "the connection: " + log);
        var beat = new byte[20];
        hardware.Network.Pull();
        var watch = Stopwatch.StartNew();

        // Heartbeats at QoS 0 go on: they keep the library from pinging, and nothing tells that they vanish.
        while (link.State == LinkState.Up && watch.ElapsedMilliseconds < SupervisionWindowMs)
        {
            link.TryPublish("gw/sumitu-01/heartbeat", beat, beat.Length, false, false);
            wake.WaitOne(1_000, false);
        }

        Assert.Equal(LinkState.Down, link.State);
        Assert.InRange(watch.ElapsedMilliseconds, 8_000, SupervisionWindowMs);
    }

    [Fact]
    public void An_idle_connection_that_lives_stays_up_through_three_probes()
    {
        OnBoard(() => link.Open(Request(port, keepAliveS: 4)));
        Deadline.Until(() => link.State == LinkState.Up, "the connection: " + log);
        var watch = Stopwatch.StartNew();
        while (link.State == LinkState.Up && watch.ElapsedMilliseconds < 12_000) wake.WaitOne(500, false);

        Assert.Equal(LinkState.Up, link.State);
    }

    [Fact]
    public void A_wall_clock_that_ran_before_this_boot_is_kept_and_not_called_synchronized()
    {
        var clock = new UtcWallClock();

        Assert.True(clock.IsKept);
        Assert.False(clock.IsSynchronized);
    }

    [Fact]
    public void The_watchdog_restarts_a_board_whose_main_loop_stands_still()
    {
        using var restarted = new ManualResetEvent(false);
        var watched = new CheckIns();
        watched.Watch(LoopId.Main, 1, -10_000);
        var supervisor = new Supervisor(watched, new NoFlash(), new SignallingReboot(restarted), new BootLog(hardware.Running!, log));
        OnBoard(new Watchdog(watched, supervisor, new BootClock(hardware.Running!)).Start);

        Deadline.Wait(restarted, "the restart");
        Assert.Contains("stuck-main: restart", log.ToString());
    }

    /// <summary>Runs on the board's main thread, whose threads end with its power.</summary>
    void OnBoard(Action work)
    {
        using var done = new ManualResetEvent(false);
        board.Add(() =>
        {
            work();
            done.Set();
        });
        Deadline.Wait(done, "the board's main thread");
    }

    static LinkRequest Request(int port, int keepAliveS = 10) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        ClientId = "sumitu-01",
        User = "sumitu-01",
        Password = "a-password-of-a-test",
        KeepAliveS = keepAliveS,
        WillTopic = "gw/sumitu-01/status",
        WillMessage = "{}",
        Subscriptions = ["gw/sumitu-01/receipt", "hub/status"],
    };

    sealed class BootClock(Incarnation incarnation) : IClock
    {
        public long NowMs
        {
            get
            {
                incarnation.Enter();
                return incarnation.UpMs;
            }
        }
    }

    sealed class RecordingLog
    {
        readonly ConcurrentQueue<string> lines = new();

        public void Add(string line) => lines.Enqueue(line);

        public override string ToString() => string.Join("; ", lines);
    }

    sealed class BootLog(Incarnation incarnation, RecordingLog log) : ILog
    {
        public void Line(string text)
        {
            incarnation.Enter();
            log.Add(text);
        }
    }

    sealed class SignallingReboot(ManualResetEvent signal) : IReboot
    {
        public void Reboot() => signal.Set();
    }

    sealed class NoFlash : IFlash
    {
        public string[] List() => [];

        public bool Exists(string name) => false;

        public int Length(string name) => throw new IOException(name);

        public int Read(string name, int position, byte[] buffer, int offset, int count) => throw new IOException(name);

        public void Append(string name, byte[] buffer, int offset, int count) => throw new IOException(name);

        public void Write(string name, byte[] buffer, int offset, int count) => throw new IOException(name);

        public void Delete(string name) => throw new IOException(name);
    }
}
