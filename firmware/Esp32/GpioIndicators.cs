using System.Device.Gpio;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>Lamps, buzzer and siren relay; high is on. All off at start.</summary>
    public sealed class GpioIndicators : IIndicators
    {
        private readonly GpioPin[] pins = new GpioPin[IndicatorId.Count];

        public GpioIndicators(GpioController controller)
        {
            for (int indicator = 0; indicator < IndicatorId.Count; indicator++)
            {
                pins[indicator] = controller.OpenPin(PinOf(indicator), PinMode.Output);
                pins[indicator].Write(PinValue.Low);
            }
        }

        public void Set(int indicator, bool on)
        {
            pins[indicator].Write(on ? PinValue.High : PinValue.Low);
        }

        /// <summary>The GPIO number of an output of the box.</summary>
        public static int PinOf(int indicator)
        {
            switch (indicator)
            {
                case IndicatorId.Journalled: return PinMap.JournalledPin;
                case IndicatorId.Received: return PinMap.ReceivedPin;
                case IndicatorId.Accepted: return PinMap.AcceptedPin;
                case IndicatorId.OnTheWay: return PinMap.OnTheWayPin;
                case IndicatorId.Health: return PinMap.HealthPin;
                case IndicatorId.Buzzer: return PinMap.BuzzerPin;
                case IndicatorId.Siren: return PinMap.SirenPin;
                default: return -1;
            }
        }
    }
}
