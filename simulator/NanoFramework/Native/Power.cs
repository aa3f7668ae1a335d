// Package nanoFramework.Runtime.Native 1.7.11.
// Modelled: a reboot is a power cut, with the same losses. It never returns. Not modelled: the options; OnRebootEvent handlers run before it.
using Gateway.NanoFramework.Board;

namespace nanoFramework.Runtime.Native;

public class Power
{
    public static event RebootEventHandler OnRebootEvent
    {
        add => Incarnation.Current.BeforeReboot += value;
        remove => Incarnation.Current.BeforeReboot -= value;
    }

    public static void RebootDevice(RebootOption rebootOption = RebootOption.NormalReboot) => RebootDevice(0, rebootOption);

    public static void RebootDevice(int exceptionCode, RebootOption rebootOption = RebootOption.NormalReboot)
    {
        var incarnation = Incarnation.Current;
        incarnation.Enter();
        incarnation.BeforeReboot?.Invoke();
        incarnation.Hardware.RequestReboot();
        throw new PowerLostException();
    }
}
