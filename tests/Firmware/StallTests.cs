using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    /// <summary>
    /// No press of 30 ms is missed however long the interpreter stands still: the carrier's pulse stretcher keeps the level for at least 3.88 s
    /// (hardware/TABLES.md), the runtime's queue keeps the edge beyond that. Each of the two is shown to be needed. The costs are those of the virtual board's
    /// worst model: an erase 400 ms, a look-up 5 s, a handshake 4 s.
    /// </summary>
    [TestClass]
    public class StallTests
    {
        private const int PressMs = 30;
        private const int StretchMs = 3880;
        private const int EraseMs = 400;
        private const int LookUpMs = 5000;
        private const int HandshakeMs = 4000;
        private const int WorstMs = LookUpMs + HandshakeMs + (3 * EraseMs);

        [DataRow(50)]
        [DataRow(EraseMs)]
        [DataRow(3 * EraseMs)]
        [DataRow(HandshakeMs)]
        [DataRow(WorstMs)]
        [TestMethod]
        public void No_press_of_30_ms_is_missed_with_stretcher_and_edge_queue_I1(int stallMs)
        {
            Assert.AreEqual(0, Missed(stallMs, true, true));
        }

        [DataRow(50)]
        [DataRow(3 * EraseMs)]
        [TestMethod]
        public void The_stretcher_alone_holds_through_every_stall_by_flash(int stallMs)
        {
            Assert.AreEqual(0, Missed(stallMs, true, false));
        }

        [TestMethod]
        public void Without_the_edge_queue_a_look_up_and_a_handshake_miss_presses()
        {
            Assert.IsTrue(Missed(WorstMs, true, false) > 0, "the test cannot fail");
        }

        [TestMethod]
        public void Without_both_even_one_erase_misses_presses()
        {
            Assert.IsTrue(Missed(EraseMs, false, false) > 0, "the test cannot fail");
        }

        [TestMethod]
        public void An_edge_that_is_told_after_the_first_sample_behind_a_stall_is_still_a_call()
        {
            FakeBoard board = Board();
            board.Clock.NowMs += EraseMs;
            board.App.Step(board.Clock.NowMs);
            board.Clock.NowMs += 3;
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs);
            board.App.Step(board.Clock.NowMs + 1);

            Assert.IsTrue(board.App.Status.Latched);
        }

        [TestMethod]
        public void A_press_that_ends_while_something_is_written_is_still_a_call()
        {
            FakeBoard board = Board();
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            for (int ms = 0; ms <= 10; ms += GatewayApp.QualifyPollMs)
            {
                board.App.Step(board.Clock.NowMs + ms);
            }

            // 70 ms of writing: too short for a stall, too long for the filter.
            board.Clock.NowMs += 80;
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs - 20);
            board.App.Step(board.Clock.NowMs);

            Assert.IsTrue(board.App.Status.Latched);
        }

        [TestMethod]
        public void A_press_whose_last_bit_is_sampled_behind_a_stall_is_still_a_call()
        {
            FakeBoard board = Board();
            board.Clock.NowMs += EraseMs;
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            board.App.Step(board.Clock.NowMs);
            board.Clock.NowMs += 10;
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs);
            board.App.Step(board.Clock.NowMs);

            Assert.IsTrue(board.App.Status.Latched);
        }

        /// <summary>How many of the presses that begin somewhere in a stall, or just before and behind it, are no call.</summary>
        private static int Missed(int stallMs, bool stretcher, bool queue)
        {
            int missed = 0;
            int stride = 1 + (stallMs / 60);
            for (int pressAt = -10; pressAt < stallMs; pressAt += stride)
            {
                FakeBoard board = Board();
                long stallFrom = board.Clock.NowMs + 10;
                long pressFrom = stallFrom + pressAt;
                long pressEnd = pressFrom + PressMs + (stretcher ? StretchMs : 0);
                Pass(board, stallFrom, pressFrom, pressEnd, queue);

                // Nothing of the board runs from here to the end of the stall.
                board.Clock.NowMs = stallFrom + stallMs;
                Tell(board, stallFrom, pressFrom, pressEnd, queue);
                Pass(board, stallFrom + stallMs + StretchMs + 500, pressFrom, pressEnd, queue);
                missed += board.App.Status.Latched ? 0 : 1;
            }

            return missed;
        }

        /// <summary>Steps as the loop does until then, woken by edges.</summary>
        private static void Pass(FakeBoard board, long untilMs, long pressFrom, long pressEnd, bool queue)
        {
            while (board.Clock.NowMs < untilMs)
            {
                long next = board.App.Step(board.Clock.NowMs);
                long before = board.Clock.NowMs;
                if (pressFrom > before && pressFrom < next)
                {
                    next = pressFrom;
                }

                board.Clock.NowMs = next > before ? (next < untilMs ? next : untilMs) : before + 1;
                Tell(board, before, pressFrom, pressEnd, queue);
            }
        }

        /// <summary>The level as it is now, and the edge since <paramref name="sinceMs"/>: told now, not when it happened.</summary>
        private static void Tell(FakeBoard board, long sinceMs, long pressFrom, long pressEnd, bool queue)
        {
            long nowMs = board.Clock.NowMs;
            bool began = pressFrom > sinceMs && pressFrom <= nowMs;
            board.Inputs.Set(InputId.Help, began || (nowMs >= pressFrom && nowMs < pressEnd), nowMs);
            if (!queue)
            {
                board.Inputs.TakeAssertedEdgeMs(InputId.Help);
            }

            board.Inputs.Set(InputId.Help, nowMs >= pressFrom && nowMs < pressEnd, nowMs);
        }

        private static FakeBoard Board()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            return board;
        }
    }
}
