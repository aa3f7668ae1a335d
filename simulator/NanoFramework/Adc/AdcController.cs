// Package nanoFramework.System.Device.Adc 1.1.24.
// Modelled: the ESP32's ADC1, channels 0..7, 12 bits, attenuation 11 dB. Channels of ADC2 are refused: they do not work while Wi-Fi is on.
using Gateway.NanoFramework.Board;

namespace System.Device.Adc;

public class AdcController : AdcControllerBase
{
    readonly Incarnation incarnation = Incarnation.Current;

    public AdcController() => incarnation.Enter();

    public override int ChannelCount => VirtualHardware.AnalogChannels;

    public override AdcChannelMode ChannelMode { get; set; }

    public override int MaxValue => 4095;

    public override int MinValue => 0;

    public override int ResolutionInBits => 12;

    public override bool IsChannelModeSupported(AdcChannelMode channelMode) => channelMode == AdcChannelMode.SingleEnded;

    public override AdcChannel OpenChannel(int channelNumber)
    {
        incarnation.Enter();
        if (channelNumber is < 0 or >= VirtualHardware.AnalogChannels) throw new ArgumentOutOfRangeException(nameof(channelNumber), channelNumber, "ADC1 has channels 0..7.");
        return new AdcChannel(incarnation, this, channelNumber);
    }
}
