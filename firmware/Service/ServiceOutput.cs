using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Service
{
    /// <summary>Answers on their way to the terminal: gathered here, handed over a few bytes per step, so that a long answer holds up no press. Full: the rest of the answer is left out.</summary>
    public sealed class ServiceOutput
    {
        public const int BytesMax = 3072;

        /// <summary>Bytes per step: 6 ms of the line at 115,200 baud.</summary>
        public const int BytesPerStepMax = 64;

        private readonly IServicePort _port;
        private readonly byte[] _bytes = new byte[BytesMax];
        private int _from;
        private int _to;

        public ServiceOutput(IServicePort port)
        {
            _port = port;
        }

        public bool IsWaiting
        {
            get { return _from < _to; }
        }

        public void Line(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                Put((byte)text[i]);
            }

            Put((byte)'\r');
            Put((byte)'\n');
        }

        public void Step()
        {
            int count = _to - _from;
            count = count < BytesPerStepMax ? count : BytesPerStepMax;
            if (count > 0)
            {
                _port.Write(_bytes, _from, count);
                _from += count;
            }

            if (_from == _to)
            {
                _from = 0;
                _to = 0;
            }
        }

        private void Put(byte b)
        {
            if (_to < BytesMax)
            {
                _bytes[_to++] = b;
            }
        }
    }
}
