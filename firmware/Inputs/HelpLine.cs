using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Inputs
{
    /// <summary>
    /// The line of the help button as the converter sees it, beside the pin that the comparator drives. It tells a cut or shorted line at once, and it
    /// is a second witness of a press, should the comparator fail: only the pin promises that no press of 30 ms is missed.
    /// </summary>
    public sealed class HelpLine
    {
        /// <summary>The channel of IAnalog; hardware/pinmap.json.</summary>
        public const int Channel = 5;

        /// <summary>A fault of the line must be read for this long: two people at two buttons of one line read as a short while they press, ms.</summary>
        public const int FaultMs = 500;

        private readonly GatewaySettings _settings;
        private readonly SupervisedLoop _loop;
        private readonly Faults _faults;

        public HelpLine(GatewaySettings settings, IAnalog analog, Faults faults)
        {
            _settings = settings;
            _loop = new SupervisedLoop(analog, Channel);
            _faults = faults;
        }

        /// <summary>The converter reads a press. The button closes a contact: the upper alarm band is no press but a line that decays.</summary>
        public bool IsPressed { get; private set; }

        /// <summary>A press may be beginning: sample fast.</summary>
        public bool IsQualifying
        {
            get { return _loop.IsQualifying && _loop.Reading == LoopBand.AlarmLow; }
        }

        /// <summary>No other band is being judged.</summary>
        public bool IsAtRest
        {
            get { return !_settings.HelpLoop || !_loop.IsQualifying; }
        }

        public void Sample(long nowMs)
        {
            if (!_settings.HelpLoop)
            {
                IsPressed = false;
                _faults.Set(FaultId.HelpLine, false, CallDesk.HelpZone, 0, nowMs);
                return;
            }

            // A press counts through the glitch filter of the button; here it must only be read twice.
            _loop.Sample(_loop.Reading == LoopBand.AlarmLow ? 1 : FaultMs, nowMs);
            IsPressed = _loop.Reading == LoopBand.AlarmLow && _loop.Band == LoopBand.AlarmLow;
            bool isFault = _loop.Band != LoopBand.Normal && _loop.Band != LoopBand.AlarmLow;
            _faults.Set(FaultId.HelpLine, isFault, CallDesk.HelpZone, _loop.Millivolts, nowMs);
        }
    }
}
