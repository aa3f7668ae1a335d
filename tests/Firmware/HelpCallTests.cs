using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class HelpCallTests
    {
        [TestMethod]
        public void A_press_is_journalled_sent_receipted_and_shown_I1_I3_I4()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            board.Run(100);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"call\":1,\"count\":1,"));
            Assert.IsTrue(board.IsOn(IndicatorId.Journalled), "journalled");
            Assert.IsTrue(board.IsOn(IndicatorId.Received), "received");
            Assert.IsFalse(board.IsOn(IndicatorId.Accepted), "accepted");
            Assert.AreEqual("received", board.App.Status.Stage);
            Assert.AreEqual(0, board.Hub.BadMacs);
        }

        [TestMethod]
        public void From_the_edge_to_the_published_call_it_takes_at_most_30_ms_of_clock_I4()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            long pressed = board.Clock.NowMs;
            board.Inputs.Set(InputId.Help, true, pressed);
            long steppedMs = pressed;
            while (board.Hub.Count("\"kind\":\"help\"", "") == 0 && steppedMs < pressed + 1000)
            {
                steppedMs = board.Clock.NowMs;
                board.StepOnce(pressed + 1000);
            }

            Assert.IsTrue(steppedMs - pressed <= 30, "took ms: " + (steppedMs - pressed).ToString());
        }

        [TestMethod]
        public void Received_is_not_shown_before_the_receipt_of_that_press_GW36_I3()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.Hub.Answers = false;
            board.PressHelp();
            board.Run(1000);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Assert.IsTrue(board.IsOn(IndicatorId.Journalled));
            Assert.IsFalse(board.IsOn(IndicatorId.Received), "no receipt, no lamp");
        }

        [TestMethod]
        public void A_receipt_of_another_lane_or_of_older_calls_shows_nothing_GW36_I3()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            board.Press(InputId.ResetKey, 100);
            board.Hub.Answers = false;
            board.PressHelp();
            board.Hub.SendReceipt(1);
            board.Hub.SendReceipt(0, board.Hub.Epoch(0), 2, board.Hub.Session, FakeBoard.HubId);
            board.Run(100);
            Assert.AreEqual("journalled", board.App.Status.Stage);
        }

        [TestMethod]
        public void A_press_without_link_is_delivered_once_when_the_link_is_back_I1()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Link.Reachable = false;
            board.Run(1000);
            board.PressHelp();
            board.Run(1000);
            Assert.IsFalse(board.IsOn(IndicatorId.Received));
            board.Link.Reachable = true;
            board.Link.Drop();
            board.Run(40000);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Assert.AreEqual(0, board.Hub.Conflicts);
            Assert.IsTrue(board.IsOn(IndicatorId.Received));
        }

        [TestMethod]
        public void A_press_survives_a_power_cut_and_stays_latched_I1_I6()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Link.Reachable = false;
            board.Run(500);
            board.PressHelp();
            board.Link.Reachable = true;
            board.Reboot();
            board.Run(2000);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"boot\":1,"));
            Assert.IsTrue(board.App.Status.Latched, "latched");
            Assert.IsTrue(board.IsOn(IndicatorId.Received));
            board.Press(InputId.ResetKey, 100);
            Assert.IsFalse(board.App.Status.Latched, "reset by a person");
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"reset\"", "\"detail\":\"key\""));
            board.Reboot();
            board.Run(500);
            Assert.IsFalse(board.App.Status.Latched, "the reset survives, too");
        }

        [TestMethod]
        public void Undelivered_after_20_s_is_seen_and_heard_I3()
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Siren = true;
            board.Boot();
            board.Link.Reachable = false;
            board.Run(500);
            board.PressHelp();
            board.Run(19000);
            Assert.AreEqual("journalled", board.App.Status.Stage);
            Assert.IsFalse(board.IsOn(IndicatorId.Siren));
            int beeps = board.Lamps.Changes[IndicatorId.Buzzer];
            board.Run(4000);

            Assert.AreEqual("undelivered", board.App.Status.Stage);
            Assert.IsTrue(board.IsOn(IndicatorId.Siren), "siren");
            Assert.IsTrue(board.Lamps.Changes[IndicatorId.Buzzer] > beeps + 2, "buzzer");
            board.Link.Reachable = true;
            board.Link.Drop();
            board.Run(6000);
            Assert.AreEqual("received", board.App.Status.Stage);
            Assert.IsFalse(board.IsOn(IndicatorId.Siren), "until delivered");
        }

        [TestMethod]
        public void A_press_counted_just_before_the_reset_is_still_told_to_the_hub_GW21_I1()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            board.PressHelp();
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"help\"", "\"count\":2"));
            board.Press(InputId.ResetKey, 100);
            board.Run(1000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"count\":2"));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"reset\"", ""));
        }

        [TestMethod]
        public void A_count_that_the_flash_refuses_at_the_reset_is_written_once_more_GW21_I1()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            board.Run(2000);
            board.PressHelp();
            board.Run(300);
            board.Flash.FailWrites = 1;
            board.Press(InputId.ResetKey, 100);
            board.Run(2000);
            Assert.AreEqual(0, board.Flash.FailWrites, "a write was refused");
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"call\":1,\"count\":2"));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"reset\"", "\"call\":1,"));
        }

        [TestMethod]
        public void Repeated_presses_are_one_call_and_sent_at_most_once_in_10_s_GW21()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            for (int i = 0; i < 20; i++)
            {
                board.PressHelp();
                board.Run(300);
            }

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""), "within 10 s");
            board.Run(11000);
            Assert.AreEqual(2, board.Hub.Count("\"kind\":\"help\"", "\"call\":1,"));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"count\":20,"));
        }

        [TestMethod]
        public void A_press_after_a_reset_is_a_new_call_GW21()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            board.Press(InputId.ResetKey, 100);
            board.PressHelp();

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"seq\":3,"));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"call\":3,\"count\":1,"));
        }

        [TestMethod]
        public void Stages_follow_the_notices_of_the_latched_call_GW37_GW39()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            string[] stages = new string[] { "accepted", "dispatched", "enRoute", "onScene", "closed" };
            for (int i = 0; i < stages.Length; i++)
            {
                board.Hub.SendNotice(0, 1, stages[i]);
                board.Run(50);
                Assert.AreEqual(stages[i], board.App.Status.Stage);
            }

            Assert.IsTrue(board.IsOn(IndicatorId.OnTheWay) && board.IsOn(IndicatorId.Accepted));
            board.Run(61000);
            Assert.IsFalse(board.IsOn(IndicatorId.OnTheWay), "closed is shown for a minute");
            board.Hub.SendNotice(0, 9, "accepted");
            board.Run(50);
            Assert.AreEqual(1, board.App.Refused(Delivery.Refusal.NotLatched));
            Assert.AreEqual("idle", board.App.Status.Stage);
        }

        [TestMethod]
        public void A_press_after_closed_or_cancelled_is_a_new_call()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            board.Press(InputId.Cancel, 100);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"cancel\"", "\"call\":1,"));
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"call\":3,\"count\":1,"));
            board.Hub.SendNotice(0, 3, "closed");
            board.Run(50);
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"call\":4,\"count\":1,"));
        }

        [TestMethod]
        public void A_cancel_after_its_window_does_nothing()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            board.Run(31000);
            board.Press(InputId.Cancel, 100);

            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"cancel\"", ""));
        }
    }
}
