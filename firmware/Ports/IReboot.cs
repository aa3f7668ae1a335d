namespace Gateway.Firmware.Ports
{
    /// <summary>Restarts the board. Does not return on the board; the caller must have nothing left to do.</summary>
    public interface IReboot
    {
        void Reboot();
    }
}
