using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class InputTests
    {
        [DataRow(1)]
        [DataRow(10)]
        [DataRow(14)]
        [TestMethod]
        public void A_pulse_shorter_than_the_glitch_filter_is_noise(int pulseMs)
        {
            FakeBoard board = Board();
            for (int i = 0; i < 50; i++)
            {
                board.Press(InputId.Help, pulseMs);
            }

            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"help\"", ""));
        }

        [TestMethod]
        public void Every_press_of_30_ms_or_more_is_a_call()
        {
            for (int holdMs = 30; holdMs < 60; holdMs++)
            {
                FakeBoard board = Board();
                board.Press(InputId.Help, holdMs);
                Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""), "ms: " + holdMs.ToString());
            }
        }

        [DataRow(50)]
        [DataRow(400)]
        [DataRow(1200)]
        [DataRow(5000)]
        [TestMethod]
        public void A_press_that_ended_before_the_loop_sampled_it_is_still_a_call(int stallMs)
        {
            FakeBoard board = Board();
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs + 30);
            board.Clock.NowMs += stallMs;
            board.Run(100);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Assert.IsFalse(board.App.Status.LatchedCount > 1, "once");
        }

        /// <summary>I4: the loop was writing to flash while the button was held, shorter than what counts as a stall, and met only the last bounce of the release.</summary>
        [TestMethod]
        public void A_press_of_which_only_the_last_bounce_was_sampled_is_still_a_call()
        {
            FakeBoard board = Board();
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs + 60);
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs + 62);
            board.Clock.NowMs += 63;
            board.Run(1);
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs);
            board.Run(500);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Assert.IsFalse(board.App.Status.LatchedCount > 1, "once");
        }

        [TestMethod]
        public void A_bouncing_button_is_one_press()
        {
            FakeBoard board = Board();
            for (int i = 0; i < 6; i++)
            {
                board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
                board.Run(2);
                board.Inputs.Set(InputId.Help, false, board.Clock.NowMs);
                board.Run(2);
            }

            board.Press(InputId.Help, 100);
            Assert.AreEqual(1, board.App.Status.LatchedCount);
        }

        [TestMethod]
        public void A_stuck_button_is_a_call_and_a_fault_until_it_is_released()
        {
            FakeBoard board = Board();
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            board.Run(31000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Assert.AreEqual(1, board.Hub.Count("\"detail\":\"help-stuck\"", "\"state\":\"alarm\""));
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs);
            board.Run(200);
            Assert.AreEqual(1, board.Hub.Count("\"detail\":\"help-stuck\"", "\"state\":\"normal\""));
        }

        [DataRow(InputId.Contact1, "\"kind\":\"door\",\"zone\":3,")]
        [DataRow(InputId.Contact2, "\"kind\":\"door\",\"zone\":4,")]
        [DataRow(InputId.Tamper, "\"kind\":\"tamper\",\"zone\":0,")]
        [TestMethod]
        public void A_contact_reports_alarm_and_normal(int input, string kindAndZone)
        {
            FakeBoard board = Board();
            board.Press(input, 1000);
            board.Run(1000);

            Assert.AreEqual(1, board.Hub.Count(kindAndZone, "\"state\":\"alarm\""));
            Assert.AreEqual(1, board.Hub.Count(kindAndZone, "\"state\":\"normal\""));
        }

        [TestMethod]
        public void Lost_mains_is_reported_shown_and_told_in_heartbeats()
        {
            FakeBoard board = Board();
            board.Inputs.Set(InputId.MainsPresent, false, board.Clock.NowMs);
            board.Run(7000);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"mains\"", "\"state\":\"alarm\""));
            Assert.Contains("\"mains\":false", (string)board.Hub.Heartbeats[board.Hub.Heartbeats.Count - 1]);
            Assert.IsFalse(board.App.Status.MainsPresent);
        }

        [TestMethod]
        public void A_falling_battery_is_reported_low_then_critical_and_does_not_chatter()
        {
            FakeBoard board = Board();
            board.Analog.Millivolts[4] = 1760;
            board.Run(20000);
            board.Analog.Millivolts[4] = 1670;
            board.Run(20000);
            board.Analog.Millivolts[4] = 1700;
            board.Run(20000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"battery\"", "\"state\":\"low\""));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"battery\"", "\"state\":\"critical\""));
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"fault\"", ""), "a fault beside it would ring once for each box of an outage (I12)");
            Assert.Contains("\"batteryMv\":11145,", (string)board.Hub.Heartbeats[board.Hub.Heartbeats.Count - 1]);
        }

        [TestMethod]
        public void A_turned_patrol_key_is_a_signal()
        {
            FakeBoard board = Board();
            board.Press(InputId.PatrolKey, 100);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"patrol\"", "\"state\":\"normal\""));
        }

        [TestMethod]
        public void Nothing_routine_is_written_while_a_press_is_being_judged()
        {
            FakeBoard board = Board();
            board.Inputs.Set(InputId.PatrolKey, true, board.Clock.NowMs);
            board.Run(15);
            int writes = board.Flash.Writes;
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            board.Run(15);
            Assert.AreEqual(writes, board.Flash.Writes, "the patrol record waits");
            board.Run(100);
            Assert.AreEqual(writes + 2, board.Flash.Writes, "the call first, then the record");
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"patrol\"", ""));
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
