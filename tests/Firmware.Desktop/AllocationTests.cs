using System;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using Xunit;

namespace Gateway.Firmware.Tests.Desktop
{
    /// <summary>What only the desktop can measure: the bytes that the core allocates.</summary>
    public sealed class AllocationTests
    {
        /// <summary>The core alone, from the edge to the published call: record, payload, MAC input and MAC; see the memory plan in firmware/README.md.</summary>
        private const int PressBytesMax = 4096;

        [Fact]
        public void An_idle_step_allocates_nothing()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(6000);
            long now = board.Clock.NowMs;
            board.App.Step(now);

            // Between two heartbeats: 4 s in steps of 5 ms.
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 700; i++)
            {
                board.App.Step(now + (i * 5));
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        [Fact]
        public void Steps_that_judge_a_press_allocate_nothing()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(6000);
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 15; i++)
            {
                board.App.Step(board.Clock.NowMs + i);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        [Fact]
        public void A_press_allocates_a_bounded_amount()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            MeteredFlash flash = new MeteredFlash(board.Flash);
            MeteredLink link = new MeteredLink(board.Link);
            ConfigurationDesk configuration = new ConfigurationDesk(flash, board.Settings);
            board.App = new GatewayApp(
                configuration, board.Clock, board.Wall, flash, board.Inputs, board.Analog, board.Lamps, link, new FakeRandom(1), board.Restarts, board.Log);
            board.Run(6000);
            board.PressHelp();
            board.Press(InputId.ResetKey, 100);
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            long before = GC.GetAllocatedBytesForCurrentThread() - flash.AllocatedBytes - link.AllocatedBytes;
            int sent = link.Published;
            board.App.Step(board.Clock.NowMs);
            board.App.Step(board.Clock.NowMs + 25);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - flash.AllocatedBytes - link.AllocatedBytes - before;

            Assert.Equal(1, link.Published - sent);
            Assert.True(allocated is > 0 and <= PressBytesMax, $"the core allocated {allocated} bytes, its bound is {PressBytesMax}");
        }

        /// <summary>Knows what the fake flash behind it allocates.</summary>
        private sealed class MeteredFlash : IFlash
        {
            private readonly IFlash _inner;

            public MeteredFlash(IFlash inner) => _inner = inner;

            public long AllocatedBytes { get; private set; }

            public string[] List() => _inner.List();

            public bool Exists(string name) => _inner.Exists(name);

            public int Length(string name) => _inner.Length(name);

            public void Delete(string name) => _inner.Delete(name);

            public int Read(string name, int position, byte[] buffer, int offset, int count)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                int read = _inner.Read(name, position, buffer, offset, count);
                AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
                return read;
            }

            public void Append(string name, byte[] buffer, int offset, int count)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                _inner.Append(name, buffer, offset, count);
                AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            public void Write(string name, byte[] buffer, int offset, int count)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                _inner.Write(name, buffer, offset, count);
                AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        /// <summary>Knows what the fake link behind it allocates.</summary>
        private sealed class MeteredLink : ILink
        {
            private readonly ILink _inner;

            public MeteredLink(ILink inner) => _inner = inner;

            public long AllocatedBytes { get; private set; }

            public int Published { get; private set; }

            public LinkState State => _inner.State;

            public int DroppedCount => _inner.DroppedCount;

            public void Open(LinkRequest request) => _inner.Open(request);

            public void Close() => _inner.Close();

            public bool TryReceive(LinkMessage message) => _inner.TryReceive(message);

            public bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                bool taken = _inner.TryPublish(topic, payload, count, atLeastOnce, retain);
                AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
                Published += taken ? 1 : 0;
                return taken;
            }
        }
    }
}
