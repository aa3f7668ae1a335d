namespace Gateway.Firmware.Ports
{
    /// <summary>The service header: bytes from and to a technician's terminal. Nothing blocks for longer than it takes to hand over the bytes.</summary>
    public interface IServicePort
    {
        /// <summary>Takes what has arrived, at most the buffer's length. Returns how many bytes, 0 when there are none.</summary>
        int Read(byte[] buffer);

        void Write(byte[] buffer, int offset, int count);
    }
}
