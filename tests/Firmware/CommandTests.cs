using Gateway.Firmware.Delivery;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class CommandTests
    {
        [TestMethod]
        public void ResetLatch_ends_the_named_call_and_no_other_GW40()
        {
            FakeBoard board = Board();
            board.PressHelp();
            Reset(board, "c-1", 2);
            Assert.IsTrue(board.App.Status.Latched, "another number");
            Reset(board, "c-2", 1);
            Assert.IsFalse(board.App.Status.Latched);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"reset\"", "\"detail\":\"command\""));
            Assert.Contains("\"id\":\"c-1\",\"result\":\"refused\",\"reason\":\"not-latched\"", (string)board.Hub.Results[0]);
            Assert.Contains("\"id\":\"c-2\",\"result\":\"done\",\"reason\":\"\"", (string)board.Hub.Results[1]);
        }

        [TestMethod]
        public void The_same_id_is_answered_again_and_not_executed_again_GW40()
        {
            FakeBoard board = Board();
            board.PressHelp();
            Reset(board, "c-1", 1);
            board.PressHelp();
            Reset(board, "c-1", 3);

            Assert.IsTrue(board.App.Status.Latched);
            Assert.AreEqual(2, board.Hub.Results.Count);
            Assert.Contains("\"result\":\"done\"", (string)board.Hub.Results[1]);
        }

        [TestMethod]
        public void ResetLatch_is_refused_until_each_press_on_the_call_has_its_receipt_GW40()
        {
            FakeBoard board = Board();
            board.PressHelp();
            board.Run(11000);
            board.Hub.Answers = false;
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"call\":1,\"count\":2,"));
            Reset(board, "c-1", 1);
            Assert.IsTrue(board.App.Status.Latched);
            Assert.Contains("\"id\":\"c-1\",\"result\":\"refused\",\"reason\":\"pressed-again\"", (string)board.Hub.Results[0]);

            board.Hub.Answers = true;
            board.Run(6000);
            Reset(board, "c-1", 1);
            Assert.IsFalse(board.App.Status.Latched, "the same command, judged anew");
            Assert.Contains("\"id\":\"c-1\",\"result\":\"done\"", (string)board.Hub.Results[1]);
        }

        [TestMethod]
        public void ResetLatch_is_refused_while_a_press_is_only_counted_GW40()
        {
            FakeBoard board = Board();
            board.PressHelp();
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Reset(board, "c-1", 1);
            Assert.IsTrue(board.App.Status.Latched);
            board.Run(11000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"count\":2,"));
            Reset(board, "c-2", 1);
            Assert.IsFalse(board.App.Status.Latched);
        }

        [TestMethod]
        public void ResetLatch_is_done_when_a_power_cut_cannot_bring_the_latch_back_GW40_I6()
        {
            FakeBoard board = Board();
            board.PressHelp();
            board.Run(11000);

            // The flash refuses the record of the end, and takes the state behind it.
            board.Flash.FailWrites = 1;
            Reset(board, "c-1", 1);
            Assert.Contains("\"id\":\"c-1\",\"result\":\"done\"", (string)board.Hub.Results[0]);
            board.Reboot();
            board.Run(2000);
            Assert.IsFalse(board.App.Status.Latched);

            // It refuses both: the latch is over, and not said to be done until that is kept.
            board.PressHelp();
            board.Run(11000);
            long call = board.App.Status.LatchedCall;
            board.Flash.FailWrites = int.MaxValue;
            Reset(board, "c-2", call);
            Assert.IsFalse(board.App.Status.Latched);
            Assert.Contains("\"id\":\"c-2\",\"result\":\"failed\",\"reason\":\"not-durable\"", (string)board.Hub.Results[board.Hub.Results.Count - 1]);
            Reset(board, "c-2", call);
            Assert.Contains("\"id\":\"c-2\",\"result\":\"failed\",\"reason\":\"not-durable\"", (string)board.Hub.Results[board.Hub.Results.Count - 1]);
            board.Flash.FailWrites = 0;
            Reset(board, "c-2", call);
            Assert.Contains("\"id\":\"c-2\",\"result\":\"refused\",\"reason\":\"not-latched\"", (string)board.Hub.Results[board.Hub.Results.Count - 1]);
            board.Reboot();
            board.Run(2000);
            Assert.IsFalse(board.App.Status.Latched);
        }

        [TestMethod]
        public void A_press_without_a_receipt_holds_its_call_through_a_power_cut_GW40_I6()
        {
            FakeBoard board = Board();
            board.PressHelp();
            board.Run(11000);
            board.Hub.Answers = false;
            board.PressHelp();
            board.Run(1000);
            board.Reboot();
            board.Run(2000);

            // At the second start the press is behind what the state file knows.
            board.Reboot();
            board.Run(2000);
            Reset(board, "c-1", 1);
            Assert.Contains("\"reason\":\"pressed-again\"", (string)board.Hub.Results[0]);

            board.Hub.Answers = true;
            board.Run(6000);
            Reset(board, "c-1", 1);
            Assert.IsFalse(board.App.Status.Latched);
        }

        [TestMethod]
        public void A_close_that_knows_nothing_of_a_press_ends_nothing_GW39()
        {
            FakeBoard board = Board();
            board.PressHelp();
            board.Hub.SendNotice(0, 1, "onScene");
            board.Run(11000);
            board.Hub.Answers = false;
            board.PressHelp();
            board.Hub.SendNotice(0, 1, "closed");
            board.Run(1000);
            Assert.AreEqual("onScene", board.App.Status.Stage);

            board.Run(10000);
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"call\":1,\"count\":3,"), "a further press is counted on the call that goes on");
        }

        [TestMethod]
        public void A_command_that_came_too_late_is_judged_anew_when_it_comes_again_GW40()
        {
            FakeBoard board = Board();
            board.PressHelp();
            ResetUntil(board, "c-1", 1, 5);
            Assert.Contains("\"result\":\"expired\"", (string)board.Hub.Results[0]);
            Reset(board, "c-1", 1);
            Assert.IsFalse(board.App.Status.Latched);
        }

        [DataRow("nonsense", "unknown-command")]
        [DataRow("siren", "not-configured")]
        [DataRow("annunciate", "not-configured")]
        [DataRow("identify", "out-of-range")]
        [TestMethod]
        public void What_it_cannot_do_is_refused_with_its_reason_GW40(string command, string reason)
        {
            FakeBoard board = Board();
            PayloadWriter writer = board.Hub.BeginCommand("c-1", command, 999999);
            writer.Number("seconds", command == "identify" ? 61 : 1);
            writer.Number("pattern", 1);
            board.Hub.EndCommand();
            board.Run(50);

            Assert.Contains("\"result\":\"refused\",\"reason\":\"" + reason + "\"", (string)board.Hub.Results[0]);
        }

        [TestMethod]
        public void An_expired_command_has_no_effect()
        {
            FakeBoard board = Board();
            PayloadWriter writer = board.Hub.BeginCommand("c-1", "identify", 5);
            writer.Number("seconds", 5);
            board.Hub.EndCommand();
            board.Run(50);

            Assert.Contains("\"result\":\"expired\"", (string)board.Hub.Results[0]);
            Assert.IsFalse(board.IsOn(IndicatorId.Accepted));
        }

        [TestMethod]
        public void Identify_blinks_all_lamps_for_its_time()
        {
            FakeBoard board = Board();
            PayloadWriter writer = board.Hub.BeginCommand("c-1", "identify", 999999);
            writer.Number("seconds", 5);
            board.Hub.EndCommand();
            board.Run(6000);
            int changes = board.Lamps.Changes[IndicatorId.OnTheWay];
            Assert.IsTrue(changes >= 8 && changes <= 12, "changes: " + changes.ToString());
            board.Run(5000);
            Assert.AreEqual(changes, board.Lamps.Changes[IndicatorId.OnTheWay]);
        }

        /// <summary>[GW-47].</summary>
        [TestMethod]
        public void Under_test_signals_are_marked_and_a_help_press_is_real_unless_its_zone_is_named()
        {
            FakeBoard board = Board();
            TestMode(board, "c-1", 0, 1);
            board.Press(InputId.Contact1, 500);
            board.Run(500);
            board.PressHelp();
            Assert.AreEqual(2, board.Hub.Count("\"kind\":\"door\"", "\"test\":true"));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"test\":false"));
            board.Press(InputId.ResetKey, 100);
            TestMode(board, "c-2", 1, 1);
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"test\":true"));
            board.Run(61000);
            board.PressHelp();
            Assert.AreEqual(2, board.Hub.Count("\"kind\":\"help\"", "\"test\":false"), "the test ended by itself, and the press is a new call");
            Assert.IsFalse(board.App.Status.TestMode);
        }

        /// <summary>[GW-47], I1, I3: whoever presses again while a technician tests the button is counted, and goes on seeing how far help is.</summary>
        [TestMethod]
        public void Under_test_a_press_on_a_real_call_belongs_to_it_until_the_call_has_ended()
        {
            FakeBoard board = Board();
            board.PressHelp();
            board.Hub.SendNotice(0, 1, "accepted");
            board.Run(1000);
            TestMode(board, "c-1", 1, 2);
            board.PressHelp();
            board.Run(11000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"call\":1,\"count\":2"));
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"help\"", "\"test\":true"));
            Assert.IsTrue(board.IsOn(IndicatorId.Accepted), "the lamps are the real call's");
            board.Hub.SendNotice(0, 1, "closed");
            board.Run(1000);
            board.PressHelp();
            board.Run(1000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"test\":true"), "its call has ended, and the button can be tested");
        }

        /// <summary>Judged anew, a command keeps its place among the sixteen; what comes with it must not take that before the answer has left.</summary>
        [TestMethod]
        public void The_answer_of_a_command_that_is_judged_anew_leaves_before_a_newer_one_takes_its_place_GW40()
        {
            FakeBoard board = Board();
            Identify(board, "c-0", 1);
            board.Run(100);
            Assert.Contains("\"result\":\"expired\"", (string)board.Hub.Results[0]);
            for (int i = 1; i < Commands.KeptMax; i++)
            {
                Identify(board, "c-" + i.ToString(), 999999);
                board.Run(100);
            }

            board.Hub.Results.Clear();
            Identify(board, "c-0", 999999);
            Identify(board, "d-0", 999999);
            board.Run(100);
            Assert.AreEqual(2, board.Hub.Results.Count);
            Assert.Contains("\"id\":\"c-0\",\"result\":\"done\"", (string)board.Hub.Results[0] + (string)board.Hub.Results[1]);
            Assert.Contains("\"id\":\"d-0\",\"result\":\"done\"", (string)board.Hub.Results[0] + (string)board.Hub.Results[1]);
        }

        private static void Identify(FakeBoard board, string id, long untilUpMs)
        {
            board.Hub.BeginCommand(id, "identify", untilUpMs).Number("seconds", 1);
            board.Hub.EndCommand();
        }

        private static void AskRestart(FakeBoard board)
        {
            board.Hub.BeginCommand("c-1", "reboot", 999999);
            board.Hub.EndCommand();
        }

        [TestMethod]
        public void No_heartbeat_follows_the_goodbye_of_an_ordered_restart_GW27()
        {
            FakeBoard board = Board();
            int beats = board.Hub.Heartbeats.Count;
            while (board.Hub.Heartbeats.Count == beats)
            {
                board.Run(50);
            }

            beats = board.Hub.Heartbeats.Count;
            board.Run(4500);
            AskRestart(board);
            board.Run(950);
            Assert.AreEqual(0, board.Restarts.Count);
            Assert.AreEqual(beats, board.Hub.Heartbeats.Count);
        }

        [TestMethod]
        public void A_goodbye_that_the_link_had_no_room_for_is_said_before_the_restart_GW27()
        {
            FakeBoard board = Board();
            AskRestart(board);
            board.Link.Busy = true;
            board.Run(3000);
            Assert.AreEqual(0, board.Restarts.Count);
            board.Link.Busy = false;
            board.Run(500);
            Assert.AreEqual(1, board.Hub.Goodbyes);
            Assert.AreEqual(0, board.Restarts.Count, "the goodbye has a second to leave");
            board.Run(1000);
            Assert.IsTrue(board.Restarts.Count > 0);
        }

        [TestMethod]
        public void A_link_without_room_does_not_keep_a_board_from_restarting()
        {
            FakeBoard board = Board();
            AskRestart(board);
            board.Link.Busy = true;
            board.Run(Farewell.GoodbyeWaitMsMax + 200);
            Assert.IsTrue(board.Restarts.Count > 0);
        }

        [TestMethod]
        public void An_ordered_restart_says_goodbye_and_is_known_as_orderly()
        {
            FakeBoard board = Board();
            AskRestart(board);
            board.Run(2000);
            Assert.IsTrue(board.Restarts.Count > 0);
            Assert.Contains("\"result\":\"done\"", (string)board.Hub.Results[0]);
            board.Reboot();
            board.Run(1000);
            Assert.AreEqual("orderly", board.App.Status.RestartReason);
            board.Reboot();
            Assert.AreEqual("power", board.App.Status.RestartReason);
        }

        [DataRow(false, "\"result\":\"done\",\"reason\":\"\"")]
        [DataRow(true, "\"result\":\"failed\",\"reason\":\"flash\"")]
        [TestMethod]
        public void A_self_test_answers_with_what_it_found(bool broken, string expected)
        {
            FakeBoard board = Board();
            board.Flash.FailWrites = broken ? int.MaxValue : 0;
            board.Hub.BeginCommand("c-1", "selfTest", 999999);
            board.Hub.EndCommand();
            board.Run(200);

            Assert.Contains(expected, (string)board.Hub.Results[0]);
        }

        [TestMethod]
        public void Two_self_tests_that_come_at_once_are_both_answered_GW40()
        {
            FakeBoard board = Board();
            board.Hub.BeginCommand("c-1", "selfTest", 999999);
            board.Hub.EndCommand();
            board.Hub.BeginCommand("c-2", "selfTest", 999999);
            board.Hub.EndCommand();
            board.Run(200);

            Assert.AreEqual(2, board.Hub.Results.Count);
            Assert.Contains("\"id\":\"c-1\",\"result\":\"done\"", (string)board.Hub.Results[0]);
            Assert.Contains("\"id\":\"c-2\",\"result\":\"done\"", (string)board.Hub.Results[1]);
        }

        private static FakeBoard Board()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            return board;
        }

        private static void Reset(FakeBoard board, string id, long seq)
        {
            ResetUntil(board, id, seq, 999999);
        }

        private static void ResetUntil(FakeBoard board, string id, long seq, long untilUpMs)
        {
            PayloadWriter writer = board.Hub.BeginCommand(id, "resetLatch", untilUpMs);
            writer.Text("lane", "call");
            writer.Hex("epoch", board.Hub.Epoch(0));
            writer.Number("seq", seq);
            board.Hub.EndCommand();
            board.Run(50);
        }

        private static void TestMode(FakeBoard board, string id, int zone, int minutes)
        {
            PayloadWriter writer = board.Hub.BeginCommand(id, "testMode", 999999);
            writer.Number("zone", zone);
            writer.Number("minutes", minutes);
            board.Hub.EndCommand();
            board.Run(50);
        }
    }
}
