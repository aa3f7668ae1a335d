using System.Device.Adc;
using Gateway.Firmware.Inputs;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// The analogue inputs on ADC1, in the order loop 1 to 4, battery, help loop. The API gives raw steps and no calibration, so the typical line of the chip is
    /// used (<see cref="LoopThresholds"/>); the thresholds allow for the spread between chips.
    /// </summary>
    public sealed class AdcAnalog : IAnalog
    {
        private const int MicrovoltsPerMillivolt = 1000;

        private readonly AdcChannel[] channels;

        public AdcAnalog()
        {
            AdcController controller = new AdcController();
            channels = new AdcChannel[]
            {
                controller.OpenChannel(PinMap.Loop1AdcChannel),
                controller.OpenChannel(PinMap.Loop2AdcChannel),
                controller.OpenChannel(PinMap.Loop3AdcChannel),
                controller.OpenChannel(PinMap.Loop4AdcChannel),
                controller.OpenChannel(PinMap.BatteryAdcChannel),
                controller.OpenChannel(PinMap.HelpLoopAdcChannel),
            };
        }

        public int Count
        {
            get { return channels.Length; }
        }

        public int ReadMillivolts(int channel)
        {
            if (channel < 0 || channel >= channels.Length)
            {
                return -1;
            }

            int raw = channels[channel].ReadValue();
            return LoopThresholds.AdcOffsetMillivolts + raw * LoopThresholds.AdcMicrovoltsPerCount / MicrovoltsPerMillivolt;
        }
    }
}
