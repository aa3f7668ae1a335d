using System.Text;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Tests.Fakes
{
    /// <summary>A terminal: what the test types waits here, what the board writes is kept.</summary>
    public sealed class FakeServicePort : IServicePort
    {
        private byte[] _typed = new byte[0];
        private int _taken;

        public string Written = "";

        /// <summary>The largest number of bytes that one step wrote.</summary>
        public int LargestWrite;

        public void Type(byte[] bytes)
        {
            _typed = bytes;
            _taken = 0;
        }

        public int Read(byte[] buffer)
        {
            int count = 0;
            while (count < buffer.Length && _taken < _typed.Length)
            {
                buffer[count++] = _typed[_taken++];
            }

            return count;
        }

        public void Write(byte[] buffer, int offset, int count)
        {
            LargestWrite = count > LargestWrite ? count : LargestWrite;
            Written += Encoding.UTF8.GetString(buffer, offset, count);
        }
    }
}
