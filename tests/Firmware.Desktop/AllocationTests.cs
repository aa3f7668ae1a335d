using System;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using Xunit;

namespace Gateway.Firmware.Tests.Desktop
{
    /// <summary>What only the desktop can measure: the bytes that the core allocates.</summary>
    public sealed class AllocationTests
    {
        /// <summary>A signal: MAC input and MAC, the copy of the link's fake, and the hub's answer; see the memory plan in firmware/README.md.</summary>
        private const int PressBytesMax = 20000;

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
            board.Run(6000);
            board.PressHelp();
            board.Press(InputId.ResetKey, 100);
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            long before = GC.GetAllocatedBytesForCurrentThread();
            board.App.Step(board.Clock.NowMs);
            board.App.Step(board.Clock.NowMs + 25);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.InRange(allocated, 1, PressBytesMax);
        }
    }
}
