// Package nanoFramework.Runtime.Events 1.11.37; only what System.Device.Gpio shows of it.
namespace nanoFramework.Runtime.Events;

public class BaseEvent
{
    public ushort Source;
    public byte Message;
}
