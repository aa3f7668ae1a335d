using Gateway.Firmware.Configuration;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Inputs
{
    /// <summary>All zones of the board: the six that are configured, and the box's own tamper and mains.</summary>
    public sealed class ZonePanel
    {
        /// <summary>A contact or loop must stay for this long before it counts, ms: slower than a rattle in the wind, faster than a person.</summary>
        public const int HoldMs = 200;

        /// <summary>Mains flickers when big motors start; a second separates that from an outage, ms.</summary>
        public const int MainsMs = 1000;

        /// <summary>Between two samples of the zones, ms: while a press is judged the loop runs faster, and the converter costs time.</summary>
        public const int PeriodMs = 20;

        private const int TamperAt = ZoneSettings.CountMax;
        private const int MainsAt = ZoneSettings.CountMax + 1;
        private const int Count = ZoneSettings.CountMax + 2;

        private readonly GatewaySettings _settings;
        private readonly IInputs _inputs;
        private readonly IAnalog _analog;
        private readonly ZoneOutlet _outlet;
        private readonly Faults _faults;
        private readonly TestMode _test;
        private readonly WallTime _time;
        private readonly Zone[] _zones = new Zone[Count];
        private long _sampledMs = long.MinValue / 2;

        public ZonePanel(GatewaySettings settings, IInputs inputs, IAnalog analog, ZoneOutlet outlet, Faults faults, TestMode test, WallTime time)
        {
            _settings = settings;
            _inputs = inputs;
            _analog = analog;
            _outlet = outlet;
            _faults = faults;
            _test = test;
            _time = time;
            _zones[TamperAt] = new Zone(0, SignalKind.Tamper, false, ZoneSource.Contact(InputId.Tamper, true, HoldMs), null);
            _zones[MainsAt] = new Zone(0, SignalKind.Mains, false, ZoneSource.Contact(InputId.MainsPresent, false, MainsMs), null);
            Configure(0);
        }

        public bool IsMainsPresent
        {
            get { return _zones[MainsAt].State == SignalState.Normal; }
        }

        /// <summary>Takes over the settings in force. A zone that is as it was keeps its state; another one begins anew.</summary>
        public void Configure(long nowMs)
        {
            for (int i = 0; i < ZoneSettings.CountMax; i++)
            {
                ZoneSettings settings = _settings.Zones[i];
                Zone present = _zones[i];
                if (present != null && present.Settings.Text == settings.Text)
                {
                    continue;
                }

                if (present != null && present.IsShut)
                {
                    _outlet.PutSwinger(present, false, nowMs);
                }

                _zones[i] = settings.IsUsed ? new Zone(ZoneSettings.First + i, settings.Kind, settings.IsLife, SourceOf(settings.Input), settings) : null;
            }
        }

        /// <param name="callsOnly">Safe mode: life-safety and the box's mains only; the others stay as they were.</param>
        public void Sample(bool callsOnly, long nowMs)
        {
            if (nowMs - _sampledMs < PeriodMs)
            {
                return;
            }

            _sampledMs = nowMs;
            for (int i = 0; i < Count; i++)
            {
                if (_zones[i] != null && (!callsOnly || _zones[i].IsLife || i == MainsAt))
                {
                    _zones[i].Sample(_inputs, nowMs);
                }
            }
        }

        /// <summary>Every zone is, see <see cref="Zone.IsAtRest"/>.</summary>
        public bool AreAtRest
        {
            get
            {
                for (int i = 0; i < Count; i++)
                {
                    if (_zones[i] != null && !_zones[i].IsAtRest)
                    {
                        return false;
                    }
                }

                return true;
            }
        }

        /// <summary>See <see cref="GatewayApp.Rested"/>.</summary>
        public void Rested(long nowMs)
        {
            _sampledMs = nowMs;
            for (int i = 0; i < Count; i++)
            {
                if (_zones[i] != null)
                {
                    _zones[i].Rested(nowMs);
                }
            }
        }

        /// <summary>Tells what changed; not while a press is being judged, for a call-lane signal is written to flash at once.</summary>
        public void Tell(long nowMs)
        {
            bool hasLineFault = false;
            bool isShut = false;
            for (int i = 0; i < Count; i++)
            {
                Zone zone = _zones[i];
                if (zone == null)
                {
                    continue;
                }

                if (zone.TakeRested())
                {
                    _outlet.PutSwinger(zone, false, nowMs);
                }

                zone.Tell(_outlet, IsArmed(zone.Settings, nowMs), _test.IsSensorUnderTest(zone.Number, nowMs), _settings.SwingerAlarms, nowMs);
                hasLineFault = hasLineFault || zone.HasLineFault;
                isShut = isShut || zone.IsShut;
            }

            _faults.Mark(FaultId.ZoneLine, hasLineFault);
            _faults.Mark(FaultId.Swinger, isShut);
        }

        /// <summary>Disarmed only when the time is known to lie within its disarm times: without a clock a door is armed.</summary>
        private bool IsArmed(ZoneSettings settings, long nowMs)
        {
            if (settings == null || !settings.HasSchedule || _time.Quality == ClockQuality.None)
            {
                return true;
            }

            int minute = (int)(((_time.At(nowMs, nowMs) / 60000) + _settings.UtcOffsetMin) % 1440);
            bool isInside = settings.DisarmMin < settings.ArmMin
                ? minute >= settings.DisarmMin && minute < settings.ArmMin
                : minute >= settings.DisarmMin || minute < settings.ArmMin;
            return !isInside;
        }

        private ZoneSource SourceOf(int input)
        {
            if (ZoneInput.IsLoop(input))
            {
                return ZoneSource.Loop(_analog, ZoneInput.ChannelOf(input), HoldMs);
            }

            return ZoneSource.Contact(input == ZoneInput.Contact1 ? InputId.Contact1 : InputId.Contact2, true, HoldMs);
        }
    }
}
