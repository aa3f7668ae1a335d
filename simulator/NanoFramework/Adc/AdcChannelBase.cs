// Package nanoFramework.System.Device.Adc 1.1.24.
namespace System.Device.Adc;

public abstract class AdcChannelBase
{
    protected AdcChannelBase() { }

    internal AdcChannelBase(AdcController controller) => Controller = controller;

    public AdcController Controller { get; } = null!;

    public double ReadRatio() => ReadValue() / (double)Controller.MaxValue;

    public abstract int ReadValue();
}
