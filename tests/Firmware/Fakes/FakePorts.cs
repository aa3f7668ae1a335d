using System.Collections;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Tests.Fakes
{
    /// <summary>The virtual clock: time is what a test says.</summary>
    public sealed class FakeClock : IClock
    {
        public long NowMs { get; set; }
    }

    public sealed class FakeWallClock : IWallClock
    {
        private readonly FakeClock _clock;

        public FakeWallClock(FakeClock clock)
        {
            _clock = clock;
        }

        public bool IsSynchronized { get; set; }

        public bool IsKept { get; set; }

        /// <summary>Unix ms at the boot.</summary>
        public long BootMs = 1795309254913;

        public long UnixMs
        {
            get { return BootMs + _clock.NowMs; }
        }
    }

    public sealed class FakeAnalog : IAnalog
    {
        /// <summary>Every channel reads as a loop at rest and a good battery.</summary>
        public readonly int[] Millivolts = new int[] { 1100, 1100, 1100, 1100, 1950, 1100 };

        public int Count
        {
            get { return Millivolts.Length; }
        }

        public int ReadMillivolts(int channel)
        {
            return Millivolts[channel];
        }
    }

    /// <summary>Remembers the outputs and counts the changes of each.</summary>
    public sealed class FakeIndicators : IIndicators
    {
        public readonly bool[] On = new bool[IndicatorId.Count];
        public readonly int[] Changes = new int[IndicatorId.Count];

        public void Set(int indicator, bool on)
        {
            if (On[indicator] != on)
            {
                Changes[indicator]++;
            }

            On[indicator] = on;
        }
    }

    /// <summary>A small xorshift generator: the seed decides everything.</summary>
    public sealed class FakeRandom : IRandom
    {
        private uint _state;

        public FakeRandom(uint seed)
        {
            _state = seed == 0 ? 1 : seed;
        }

        public void Fill(byte[] buffer)
        {
            for (int i = 0; i < buffer.Length; i++)
            {
                _state ^= _state << 13;
                _state ^= _state >> 17;
                _state ^= _state << 5;
                buffer[i] = (byte)(_state >> 11);
            }
        }
    }

    public sealed class FakeReboot : IReboot
    {
        public int Count;

        public void Reboot()
        {
            Count++;
        }
    }

    /// <summary>Keeps the lines; when the power is gone even logging ends the incarnation.</summary>
    public sealed class FakeLog : ILog
    {
        private readonly FakeFlash _power;

        public readonly ArrayList Lines = new ArrayList();

        public FakeLog(FakeFlash power)
        {
            _power = power;
        }

        public void Line(string text)
        {
            if (_power.IsDead)
            {
                throw new PowerCutException();
            }

            Lines.Add(text);
        }
    }
}
