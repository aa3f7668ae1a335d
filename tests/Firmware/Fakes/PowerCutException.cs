using System;

namespace Gateway.Firmware.Tests.Fakes
{
    /// <summary>The power is gone: nothing of this incarnation may run on.</summary>
    public sealed class PowerCutException : Exception
    {
        public PowerCutException()
            : base("power cut")
        {
        }
    }
}
