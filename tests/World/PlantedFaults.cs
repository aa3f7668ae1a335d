using System.Text;
using Gateway.Firmware.Ports;
using Gateway.Hub.Ingest;
using Gateway.World.Hub;

namespace Gateway.World.Tests;

/// <summary>Defects as somebody could make them, planted through the ports. The oracle knows none of them, and must find each.</summary>
internal static class PlantedFaults
{
    public static readonly Dictionary<string, Wrappers> All = new(StringComparer.Ordinal)
    {
        ["the hub receipts before the commit is durable"] = new() { Store = static store => new EarlyStore(store) },
        ["the store drops a row"] = new() { Store = static store => new DroppingStore(store) },
        ["the store forgets what it has seen"] = new() { Store = static store => new ForgetfulStore(store) },
        ["a signal is put into no incident"] = new() { Store = static store => new UnlinkingStore(store, links: 0) },
        ["a signal is put into an incident twice"] = new() { Store = static store => new UnlinkingStore(store, links: 2) },
        ["incidents are not saved"] = new() { Store = static store => new UnsavingStore(store) },
        ["the hub's clock stands still"] = new() { StopsHubClock = true },
        ["flash loses what was closed last"] = new() { Flash = static flash => new LazyFlash(flash) },
        ["flash loses everything at a restart"] = new() { Flash = static flash => new AmnesicFlash(flash) },
        ["short presses are not seen"] = new() { Inputs = static inputs => new BlindInputs(inputs) },
        ["a silent call sounds like a help call"] = new() { Inputs = static inputs => new LoudInputs(inputs) },
        ["the reset key turns by itself"] = new() { Inputs = static inputs => new GhostlyInputs(inputs) },
        ["received is shown with the press"] = new() { Indicators = static lamps => new LyingIndicators(lamps) },
        ["received is never shown"] = new() { Indicators = static lamps => new DarkIndicators(lamps) },
        ["receipts are not read"] = new() { Link = static link => new DeafLink(link) },
        ["the link garbles what it carries"] = new() { Link = static link => new GarblingLink(link) },
        ["a signal is claimed to be sent, and is not"] = new() { Link = static link => new SwallowingLink(link) },
    };

    /// <summary>Says "committed" a transaction early: the rows become durable with the next one.</summary>
    private sealed class EarlyStore(IHubStore inner) : ForwardingStore(inner)
    {
        private int _commits;

        public override void Commit()
        {
            if (++_commits % 2 == 0)
            {
                base.Commit();
            }
        }
    }

    private sealed class DroppingStore(IHubStore inner) : ForwardingStore(inner)
    {
        private int _signals;
        private long _dropped;

        public override long AppendSignal(in SignalRow row) => ++_signals % 5 == 0 ? --_dropped : base.AppendSignal(row);

        public override void LinkSignal(long signalId, long incidentId, long laneId, uint call)
        {
            if (signalId > 0)
            {
                base.LinkSignal(signalId, incidentId, laneId, call);
            }
        }
    }

    private sealed class ForgetfulStore(IHubStore inner) : ForwardingStore(inner)
    {
        public override StoredMatch Find(long laneId, uint seq, ReadOnlySpan<byte> payload) => StoredMatch.None;
    }

    private sealed class UnlinkingStore(IHubStore inner, int links) : ForwardingStore(inner)
    {
        private int _signals;

        public override void LinkSignal(long signalId, long incidentId, long laneId, uint call)
        {
            var times = ++_signals % 4 == 0 ? links : 1;
            for (var i = 0; i < times; i++)
            {
                base.LinkSignal(signalId, incidentId, laneId, call);
            }
        }
    }

    private sealed class UnsavingStore(IHubStore inner) : ForwardingStore(inner)
    {
        private int _saves;

        public override void SaveIncident(IncidentRow row)
        {
            if (++_saves % 4 != 0)
            {
                base.SaveIncident(row);
            }
        }
    }

    /// <summary>The last append lies in a buffer until the next operation; a power cut takes it.</summary>
    private sealed class LazyFlash(IFlash inner) : FlashDecorator(inner)
    {
        private (string Name, byte[] Bytes)? _buffered;

        public override void Append(string name, byte[] buffer, int offset, int count)
        {
            WriteOut();
            _buffered = (name, buffer.AsSpan(offset, count).ToArray());
        }

        protected override void Before() => WriteOut();

        private void WriteOut()
        {
            if (_buffered is { } waiting)
            {
                _buffered = null;
                Inner.Append(waiting.Name, waiting.Bytes, 0, waiting.Bytes.Length);
            }
        }
    }

    /// <summary>Each boot finds nothing but its provisioning.</summary>
    private sealed class AmnesicFlash : FlashDecorator
    {
        public AmnesicFlash(IFlash inner)
            : base(inner)
        {
            foreach (var name in inner.List().Where(static name => name != "gateway.json"))
            {
                inner.Delete(name);
            }
        }
    }

    private sealed class BlindInputs(IInputs inner) : InputsDecorator(inner)
    {
        private int _presses;
        private bool _was;

        public override bool IsAsserted(int input)
        {
            var asserted = base.IsAsserted(input);
            if (input != InputId.Help)
            {
                return asserted;
            }

            _presses += asserted && !_was ? 1 : 0;
            _was = asserted;
            return asserted && _presses % 4 != 0;
        }

        public override long TakeAssertedEdgeMs(int input) => input == InputId.Help ? -1 : base.TakeAssertedEdgeMs(input);
    }

    private sealed class LoudInputs(IInputs inner) : InputsDecorator(inner)
    {
        public override bool IsAsserted(int input) => base.IsAsserted(input) || (input == InputId.Help && base.IsAsserted(InputId.Silent));
    }

    private sealed class GhostlyInputs(IInputs inner) : InputsDecorator(inner)
    {
        private long _looks;

        public override bool IsAsserted(int input) => base.IsAsserted(input) || (input == InputId.ResetKey && ++_looks % 40_000 < 20);
    }

    private sealed class LyingIndicators(IIndicators inner) : IIndicators
    {
        public void Set(int indicator, bool on)
        {
            inner.Set(indicator, on);
            if (indicator == IndicatorId.Journalled)
            {
                inner.Set(IndicatorId.Received, on);
            }
        }
    }

    private sealed class DarkIndicators(IIndicators inner) : IIndicators
    {
        public void Set(int indicator, bool on) => inner.Set(indicator, on && indicator != IndicatorId.Received);
    }

    private sealed class DeafLink(ILink inner) : LinkDecorator(inner)
    {
        public override bool TryReceive(LinkMessage message)
        {
            while (base.TryReceive(message))
            {
                if (!message.Topic.EndsWith("/receipt", StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private sealed class GarblingLink(ILink inner) : LinkDecorator(inner)
    {
        private int _sent;

        public override bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain)
        {
            if (++_sent % 50 == 0)
            {
                payload[count / 2] ^= 1;
            }

            return base.TryPublish(topic, payload, count, atLeastOnce, retain);
        }
    }

    private sealed class SwallowingLink(ILink inner) : LinkDecorator(inner)
    {
        public override bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain) =>
            Encoding.ASCII.GetString(payload, 0, count).Contains("\"kind\":\"silent\"", StringComparison.Ordinal) || base.TryPublish(topic, payload, count, atLeastOnce, retain);
    }
}
