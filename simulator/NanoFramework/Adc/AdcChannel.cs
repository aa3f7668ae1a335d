// Package nanoFramework.System.Device.Adc 1.1.24.
// Modelled: the typical uncalibrated line of the ESP32 at 11 dB (ESP-IDF's esp_adc_cal at a reference of 1,100 mV): mV = 142 + 0.8056 x raw, clipped at both ends.
// Not modelled: noise, the bend near full scale, the spread of the reference (1,000..1,200 mV) between chips.
using Gateway.NanoFramework.Board;

namespace System.Device.Adc;

public class AdcChannel : AdcChannelBase, IDisposable
{
    readonly Incarnation incarnation;
    readonly int channel;

    internal AdcChannel(Incarnation incarnation, AdcController controller, int channel) : base(controller)
    {
        this.incarnation = incarnation;
        this.channel = channel;
    }

    public override int ReadValue()
    {
        incarnation.Enter();
        return Math.Clamp((int)Math.Round((incarnation.Hardware[channel] - 142) / 0.8056), 0, 4095);
    }

    public void Dispose() => GC.SuppressFinalize(this);
}
