using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Loads.Boards;

/// <content>What goes over the wire; the board's state and clock are in <c>LightBoard.cs</c>.</content>
public sealed partial class LightBoard
{
    /// <summary>After all SUBACKs, and first of all, the birth [GW-2].</summary>
    private void Subscribed(MqttConnection mqtt)
    {
        lock (_gate)
        {
            if (_mqtt == mqtt && _session.Length == 0)
            {
                GiveBirth(Environment.TickCount64);
            }
        }
    }

    private void GiveBirth(long now)
    {
        _session = _session.Length == 0 ? _will : DrawSession();
        _n = 0;
        _lastN.Clear();
        _heardAt = _advancedAt = now;
        _beatAt = now + Random.Shared.Next(HeartbeatMs);
        _figures.Born();
        Send("status", _payloads.Birth(_session, _will, _calls, _events, _volatileEpoch), qos: 1, retain: true);
        _calls.Rewind();
        _events.Rewind();
        SendDue();
    }

    private void SendDue()
    {
        SendDue(_calls);
        SendDue(_events);
    }

    /// <summary>All that the window lets go, in one write.</summary>
    private void SendDue(LightLane lane)
    {
        var due = lane.TakeDue();
        if (due.Count == 0 || _mqtt is not { } mqtt)
        {
            return;
        }

        var topic = _payloads.Topic("signal");
        var ids = new ushort[due.Count];
        var messages = due.Select(record => new ApplicationMessage(topic, record.Payload, 1, false)).ToArray();
        Guarded(() => mqtt.Publish(messages, ids));
        for (var i = 0; i < ids.Length; i++)
        {
            if (due[i].IsCall && ids[i] != 0)
            {
                _pressesUnderWay[ids[i]] = due[i].At;
            }
        }
    }

    private void Send(string leaf, byte[] payload, byte qos, bool retain = false) =>
        Guarded(() => _mqtt?.Publish(new ApplicationMessage(_payloads.Topic(leaf), payload, qos, retain)));

    /// <summary>A connection that fails while something is sent tells so by its Closed, and what was to be sent is sent again by the next one.</summary>
    private void Guarded(Action send)
    {
        try
        {
            send();
        }
        catch (MqttConnectionException)
        {
            _mqtt?.Dispose();
        }
    }

    private void Acknowledged(ushort id)
    {
        lock (_gate)
        {
            if (_pressesUnderWay.Remove(id, out var at))
            {
                _figures.PressToPubAck.Record(Stopwatch.GetElapsedTime(at));
            }
        }
    }

    private void Take(ApplicationMessage message)
    {
        var leaf = message.Topic.StartsWith("gw/", StringComparison.Ordinal) ? message.Topic[(_payloads.Topic("").Length)..] : message.Topic;
        if (leaf != "hub/status" && !_payloads.Verifies(message.Topic, message.Payload.Span))
        {
            _figures.Refused();
            return;
        }

        using var json = JsonDocument.Parse(message.Payload);
        lock (_gate)
        {
            if (leaf == "hub/status")
            {
                TakeHubStatus(json.RootElement);
            }
            else if (leaf != "config" && IsForThisSession(leaf, json.RootElement))
            {
                _heardAt = Environment.TickCount64;
                TakeAuthentic(leaf, json.RootElement);
            }
        }
    }

    /// <summary>[GW-11]. What was under way to an earlier session when a new birth went out is no defect, so only what is wrong in itself is counted.</summary>
    private bool IsForThisSession(string leaf, JsonElement message)
    {
        if (Text(message, "hub") != _file.Hub)
        {
            _figures.Refused();
            return false;
        }

        if (Text(message, "session") != _session)
        {
            return false;
        }

        var n = message.GetProperty("n").GetInt64();
        if (n <= _lastN.GetValueOrDefault(leaf))
        {
            _figures.Refused();
            return false;
        }

        _lastN[leaf] = n;
        return true;
    }

    private void TakeAuthentic(string leaf, JsonElement message)
    {
        switch (leaf)
        {
            case "receipt":
                TakeReceipt(message);
                break;
            case "notice" when Text(message, "lane") == "call" && Text(message, "stage") == "accepted":
                if (_callsWithoutNotice.Remove(message.GetProperty("seq").GetUInt32(), out var pressedAt))
                {
                    _figures.PressToNotice.Record(Stopwatch.GetElapsedTime(pressedAt));
                }

                break;
            case "notice" when Text(message, "lane") == "call" && Text(message, "stage") == "closed":
                Unlatch(message.GetProperty("seq").GetUInt32());
                break;
            case "command":
                if (Text(message, "command") == "resetLatch")
                {
                    Unlatch(message.GetProperty("seq").GetUInt32());
                }

                Send("result", _payloads.Result(_session, ++_n, Text(message, "id"), "done"), qos: 1);
                break;
        }
    }

    private void TakeReceipt(JsonElement message)
    {
        var lane = Text(message, "lane") switch { "call" => _calls, "event" => _events, _ => null };
        if (lane is null)
        {
            return; // the volatile lane of a light board is always empty
        }

        var receipted = new List<LightRecord>();
        if (uint.Parse(Text(message, "epoch"), NumberStyles.HexNumber, CultureInfo.InvariantCulture) != lane.Epoch
            || !lane.TryReceipt(message.GetProperty("through").GetUInt32(), receipted))
        {
            _figures.Refused();
            return;
        }

        SetOnline(true);
        if (receipted.Count == 0)
        {
            return;
        }

        _advancedAt = Environment.TickCount64;
        _figures.Committed(receipted.Count);
        foreach (var record in receipted)
        {
            if (record.IsCall)
            {
                _figures.PressToReceipt.Record(Stopwatch.GetElapsedTime(record.At));
            }
        }

        SendDue(lane);
    }

    /// <summary>Another run than before in this connection: the hub has forgotten the sessions [GW-29].</summary>
    private void TakeHubStatus(JsonElement status)
    {
        if (Text(status, "state") != "online")
        {
            return;
        }

        var run = Text(status, "run");
        if (_run is not null && _run != run)
        {
            _rebirthAt = Environment.TickCount64 + RebirthMs + Random.Shared.Next(2_000);
        }

        _run = run;
    }

    private static string Text(JsonElement message, string member) => message.GetProperty(member).GetString()!;
}
