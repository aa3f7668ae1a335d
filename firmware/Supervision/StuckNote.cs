using System.IO;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Supervision
{
    /// <summary>
    /// The note that a supervised restart leaves for the next boot: which loop stood still. A file of its own, for the thread that writes it is not the one
    /// that owns the journal (JOURNAL.md).
    /// </summary>
    public static class StuckNote
    {
        public const string Name = "stuck";

        private const byte Mark = (byte)'L';

        /// <summary>False when the flash refused. A cut before the close leaves no note: the restart then looks like lost power.</summary>
        public static bool Leave(IFlash flash, int loop)
        {
            try
            {
                flash.Write(Name, new byte[] { Mark, (byte)loop }, 0, 2);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }

        /// <summary>The loop that the note names; 0 when there is no sound note.</summary>
        public static int Read(IFlash flash)
        {
            byte[] note = new byte[2];
            try
            {
                bool isSound = flash.Exists(Name) && flash.Read(Name, 0, note, 0, 2) == 2 && note[0] == Mark && note[1] >= 1 && note[1] <= LoopId.Max;
                return isSound ? note[1] : 0;
            }
            catch (IOException)
            {
                return 0;
            }
        }

        /// <summary>After the fault that it caused is in the journal. A cut before it means that the fault is told by the next boot as well. False when the flash refused.</summary>
        public static bool Drop(IFlash flash)
        {
            try
            {
                flash.Delete(Name);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }
}
