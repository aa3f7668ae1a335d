using Gateway.Firmware.Ports;

namespace Gateway.Firmware
{
    /// <summary>
    /// What the board knows of itself, for the service header and for a virtual board's page. One object, refreshed at the end of each
    /// step. It is not for the room: it counts silent calls too.
    /// </summary>
    public sealed class AppStatus
    {
        /// <summary>Which boot of the board this is.</summary>
        public uint Boot;

        public string RestartReason = "";

        /// <summary>Records not yet receipted.</summary>
        public uint CallBacklog;

        public uint EventBacklog;

        /// <summary>Calls that live in RAM only, because the journal would not take them.</summary>
        public int VolatileBacklog;

        /// <summary>A help call is latched.</summary>
        public bool Latched;

        /// <summary>Sequence number of the latched call's first press; 0 when none.</summary>
        public uint LatchedCall;

        /// <summary>Epoch of the lane that <see cref="LatchedCall"/> is a number of.</summary>
        public uint LatchedEpoch;

        /// <summary>Presses counted on the latched call.</summary>
        public int LatchedCount;

        /// <summary>What the lamps show: idle, journalled, received, accepted, dispatched, enRoute, onScene, closed, cancelled, undelivered.</summary>
        public string Stage = "idle";

        public LinkState Link;

        /// <summary>True between a birth and the loss of its connection.</summary>
        public bool Online;

        public bool MainsPresent;

        /// <summary>Names of the faults that are on, as bits of <see cref="Supervision.FaultId"/>.</summary>
        public uint Faults;

        /// <summary>Exceptions that the loop caught.</summary>
        public int StepErrors;

        public int Overruns;

        /// <summary>Messages refused since boot, all names together.</summary>
        public int Refused;

        public bool SafeMode;
        public bool TestMode;
    }
}
