namespace Gateway.Firmware.Ports
{
    /// <summary>Where a line for the technician goes (debug output, service header). Never a secret, never personal data.</summary>
    public interface ILog
    {
        void Line(string text);
    }
}
