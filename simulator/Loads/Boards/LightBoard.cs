using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Fleet;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Loads.Boards;

/// <summary>
/// A board seen from the wire, cheap enough for ten thousand in one process: real connection, MACs, births, receipts, notices and repeats as PROTOCOL.md has
/// them, but a journal in memory, no inputs and no configuration. Whoever owns it calls <see cref="Step"/> several times a second; any thread may call the rest.
/// </summary>
public sealed partial class LightBoard : IDisposable
{
    private const int HeartbeatMs = LightPayloads.HeartbeatS * 1_000;
    private const int ResendMs = 5_000;
    private const int SilenceMs = 15_000;
    private const int RebirthMs = 5_000;
    private const int RetryFirstMs = 500;
    private const int RetryMaxMs = 30_000;

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    private readonly ProvisioningFile _file;
    private readonly LoadRoute _route;
    private readonly LoadFigures _figures;
    private readonly LightPayloads _payloads;
    private readonly LightLane _calls = new("call", DrawEpoch());
    private readonly LightLane _events = new("event", DrawEpoch());
    private readonly string _volatileEpoch = DrawEpoch().ToString("x8");
    private readonly Dictionary<ushort, long> _pressesUnderWay = [];
    private readonly Dictionary<uint, long> _callsWithoutNotice = [];
    private readonly Dictionary<string, long> _lastN = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private MqttConnection? _mqtt;
    private bool _isWanted;
    private bool _isConnecting;
    private bool _isOnline;
    private bool _isDisposed;
    private string _will = "";
    private string _session = "";
    private string? _run;
    private long _n;
    private long _retryAt;
    private int _retryMs = RetryFirstMs;
    private long _rebirthAt;
    private long _beatAt;
    private long _heardAt;
    private long _advancedAt;
    private uint _latched;

    public LightBoard(ProvisioningFile file, LoadRoute route, LoadFigures figures)
    {
        (_file, _route, _figures) = (file, route, figures);
        _payloads = new LightPayloads(file, TimeProvider.System);
    }

    /// <summary>Its birth is receipted, and its connection stands.</summary>
    public bool IsOnline => Volatile.Read(ref _isOnline);

    /// <summary>Records without a receipt.</summary>
    public int Backlog
    {
        get
        {
            lock (_gate)
            {
                return _calls.Backlog + _events.Backlog;
            }
        }
    }

    /// <summary>The help button has been pressed, and not been reset yet.</summary>
    public bool IsLatched => Volatile.Read(ref _latched) != 0;

    /// <summary>The box has a network (true), or loses it without a word (false): the hub hears nothing, not even a goodbye.</summary>
    public void SetLink(bool up)
    {
        lock (_gate)
        {
            _isWanted = up;
            if (!up)
            {
                _mqtt?.Dispose();
            }
        }
    }

    /// <summary>The help button: a first press, or one more on the latched call. False when the lane is full.</summary>
    public bool Press(int count = 1)
    {
        lock (_gate)
        {
            var first = _latched == 0;
            var call = first ? _calls.Next : _latched;
            if (!Append(_calls, new LightEvent("help", 1, "alarm", call, count), isCall: true))
            {
                return false;
            }

            Volatile.Write(ref _latched, call);
            if (first)
            {
                _callsWithoutNotice[call] = Stopwatch.GetTimestamp();
            }

            return true;
        }
    }

    /// <summary>The key resets the latched call; nothing when there is none.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (_latched != 0 && Append(_calls, new LightEvent("reset", 1, "normal", _latched, Detail: "key"), isCall: false))
            {
                Unlatch(_latched);
            }
        }
    }

    /// <summary>Something that is not a person's call.</summary>
    public bool Tell(string kind, int zone, string state, int value = 0)
    {
        lock (_gate)
        {
            return Append(_events, new LightEvent(kind, zone, state, Value: value), isCall: false);
        }
    }

    /// <summary>What is due by the clock: connection, birth, heartbeat, repeats. Never throws.</summary>
    public void Step()
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            if (_mqtt is null)
            {
                if (_isWanted && !_isConnecting && !_isDisposed && now >= _retryAt)
                {
                    _isConnecting = true;
                    _ = ConnectAsync();
                }

                return;
            }

            if (_session.Length > 0)
            {
                StepOnline(now);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _isWanted = false;
            _mqtt?.Dispose();
        }
    }

    private void StepOnline(long now)
    {
        if (_rebirthAt != 0 && now >= _rebirthAt)
        {
            _rebirthAt = 0;
            GiveBirth(now);
        }

        var waits = _calls.HasUnderWay || _events.HasUnderWay;
        if (now - _heardAt > SilenceMs && waits)
        {
            _mqtt!.Dispose();
            return;
        }

        if (waits && now - _advancedAt >= ResendMs)
        {
            _advancedAt = now;
            _calls.Rewind();
            _events.Rewind();
            SendDue();
        }

        if (now >= _beatAt)
        {
            _beatAt = now + HeartbeatMs;
            Send("heartbeat", _payloads.Heartbeat(_session, ++_n, _calls, _events), qos: 0);
            _figures.Beat();
            if (now - _heardAt >= HeartbeatMs)
            {
                Guarded(() => _mqtt?.Ping());
            }
        }
    }

    private bool Append(LightLane lane, in LightEvent what, bool isCall)
    {
        if (lane.IsFull)
        {
            _figures.Drop();
            return false;
        }

        _figures.Appended(isCall);
        lane.Append(_payloads.Signal(lane, what), Stopwatch.GetTimestamp(), isCall);
        if (_session.Length > 0)
        {
            SendDue();
        }

        return true;
    }

    private void Unlatch(uint call)
    {
        if (_latched == call)
        {
            Volatile.Write(ref _latched, 0);
        }

        _callsWithoutNotice.Remove(call);
    }

    private async Task ConnectAsync()
    {
        MqttConnection? mqtt = null;
        try
        {
            using var limit = new CancellationTokenSource(ConnectPatience);
            mqtt = new MqttConnection(await _route.OpenAsync(limit.Token));
            _will = DrawSession();
            mqtt.Published += Acknowledged;
            mqtt.Subscribed += (_, _) => Subscribed(mqtt);
            mqtt.MessageReceived += (message, _) => Take(message);
            mqtt.Closed += _ => Lost(mqtt);
            var code = await mqtt.ConnectAsync(
                new ConnectPacket
                {
                    ClientId = _file.Device, UserName = _file.Device, Password = Encoding.ASCII.GetBytes(_file.Password), KeepAliveSeconds = 10,
                    Will = new ApplicationMessage(_payloads.Topic("status"), _payloads.Offline(_will), 1, true),
                },
                ConnectPatience, sendPings: false);
            if (code == 0)
            {
                Connected(mqtt);
                return;
            }

            Failed();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or OperationCanceledException or MqttConnectionException
            or System.Security.Authentication.AuthenticationException or ArgumentException)
        {
            mqtt?.Dispose();
            Failed();
        }
    }

    private void Connected(MqttConnection mqtt)
    {
        lock (_gate)
        {
            _isConnecting = false;
            if (!_isWanted || _isDisposed || !mqtt.IsConnected)
            {
                Delay();
                mqtt.Dispose();
                return;
            }

            _figures.Connected();
            (_mqtt, _run, _retryMs) = (mqtt, null, RetryFirstMs);
            Guarded(() => mqtt.Subscribe(
            [
                new SubscribeRequest(_payloads.Topic("receipt"), 1), new SubscribeRequest(_payloads.Topic("notice"), 1), new SubscribeRequest(_payloads.Topic("command"), 1),
                new SubscribeRequest(_payloads.Topic("config"), 1), new SubscribeRequest("hub/status", 1),
            ]));
        }
    }

    private void Failed()
    {
        lock (_gate)
        {
            _isConnecting = false;
            Delay();
        }
    }

    private void Lost(MqttConnection mqtt)
    {
        lock (_gate)
        {
            if (_mqtt != mqtt)
            {
                return;
            }

            _mqtt = null;
            _session = "";
            _pressesUnderWay.Clear();
            _calls.Rewind();
            _events.Rewind();
            _figures.Lost();
            SetOnline(false);
            Delay();
        }
    }

    /// <summary>Doubling, with jitter: ten thousand boards must not come back in one blow.</summary>
    private void Delay()
    {
        _retryAt = Environment.TickCount64 + Random.Shared.Next(_retryMs / 2, _retryMs);
        _retryMs = Math.Min(RetryMaxMs, _retryMs * 2);
    }

    private void SetOnline(bool online)
    {
        if (_isOnline != online)
        {
            Volatile.Write(ref _isOnline, online);
            _figures.Count(online);
        }
    }

    private static string DrawSession() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private static uint DrawEpoch() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
}
