using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Tests.Fakes
{
    /// <summary>Input levels set by a test; mains is present at first. An edge towards "asserted" is latched as the interrupt would.</summary>
    public sealed class FakeInputs : IInputs
    {
        private readonly bool[] _levels = new bool[InputId.Count];
        private readonly long[] _edges = new long[InputId.Count];

        public FakeInputs()
        {
            for (int i = 0; i < InputId.Count; i++)
            {
                _edges[i] = -1;
            }

            _levels[InputId.MainsPresent] = true;
        }

        public int Count
        {
            get { return InputId.Count; }
        }

        public void Set(int input, bool asserted, long nowMs)
        {
            if (asserted && !_levels[input] && _edges[input] < 0)
            {
                _edges[input] = nowMs;
            }

            _levels[input] = asserted;
        }

        public bool IsAsserted(int input)
        {
            return _levels[input];
        }

        public long TakeAssertedEdgeMs(int input)
        {
            long edge = _edges[input];
            _edges[input] = -1;
            return edge;
        }
    }
}
