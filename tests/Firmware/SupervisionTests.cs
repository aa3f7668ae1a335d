using Gateway.Firmware.Configuration;
using Gateway.Firmware.Inputs;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class SupervisionTests
    {
        private const int AlarmLow = (LoopThresholds.ShortBelowMillivolts + LoopThresholds.AlarmLowBelowMillivolts) / 2;

        [DataRow(LoopId.Main, "stuck-main")]
        [DataRow(LoopId.Link, "stuck-link")]
        [DataRow(LoopId.Watchdog, "stuck-watchdog")]
        [TestMethod]
        public void A_stuck_loop_restarts_the_board_and_its_name_reaches_the_hub(int loop, string name)
        {
            FakeBoard board = Board();
            CheckIns checkIns = new CheckIns();
            Supervisor supervisor = new Supervisor(checkIns, board.Flash, board.Restarts, board.Log);
            for (int i = 1; i <= LoopId.Max; i++)
            {
                checkIns.Watch(i, 30000, 0);
            }

            for (long now = 0; now <= 30000; now += 1000)
            {
                for (int i = 1; i <= LoopId.Max; i++)
                {
                    if (i != loop)
                    {
                        checkIns.Seen(i, now);
                    }
                }

                Assert.AreEqual(0, supervisor.Check(now), "at " + now.ToString());
            }

            Assert.AreEqual(loop, supervisor.Check(30001));
            Assert.AreEqual(1, board.Restarts.Count);
            Assert.Contains(name, (string)board.Log.Lines[board.Log.Lines.Count - 1]);

            board.Reboot();
            board.Run(1000);
            Assert.AreEqual("watchdog", board.App.Status.RestartReason);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"fault\"", "\"detail\":\"" + name + "\""));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"restart\"", "\"detail\":\"watchdog\""));
            Assert.IsFalse(board.Flash.Exists(StuckNote.Name), "the note is told once");
        }

        [TestMethod]
        public void A_restart_whose_note_the_flash_refuses_still_happens()
        {
            FakeBoard board = Board();
            CheckIns checkIns = new CheckIns();
            checkIns.Watch(LoopId.Link, 1000, 0);
            board.Flash.FailWrites = 1;
            new Supervisor(checkIns, board.Flash, board.Restarts, board.Log).Check(5000);
            Assert.AreEqual(1, board.Restarts.Count);
        }

        [TestMethod]
        public void A_cut_before_the_note_is_told_tells_it_with_the_next_boot()
        {
            FakeBoard board = Board();
            StuckNote.Leave(board.Flash, LoopId.Main);
            board.Reboot();
            board.Reboot();
            board.Run(1000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"fault\"", "\"detail\":\"stuck-main\""));
        }

        [TestMethod]
        public void A_damaged_note_is_no_note()
        {
            FakeBoard board = Board();
            board.Flash.Replace(StuckNote.Name, new byte[] { (byte)'L', 99 });
            board.Reboot();
            Assert.AreEqual("power", board.App.Status.RestartReason);
        }

        [TestMethod]
        public void A_crash_loop_leads_to_safe_mode_which_still_sends_calls_and_ends_by_itself()
        {
            FakeBoard board = InSafeMode();
            Assert.AreEqual("crash", board.App.Status.RestartReason);
            Assert.AreEqual(1, board.Hub.Count("\"detail\":\"safe-mode\"", "\"state\":\"alarm\""));
            board.PressHelp();
            board.Press(InputId.Silent, 100);
            board.Press(InputId.Contact1, 500);
            board.Press(InputId.PatrolKey, 100);
            Assert.AreEqual("received", board.App.Status.Stage);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"silent\"", ""));
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"door\"", ""), "off in safe mode");
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"patrol\"", ""), "off in safe mode");

            board.Hub.BeginCommand("c-1", "selfTest", 999999);
            board.Hub.EndCommand();
            board.Run(100);
            Assert.Contains("\"reason\":\"safe-mode\"", (string)board.Hub.Results[0]);

            board.Run(Restart.LongBootMs);
            Assert.IsFalse(board.App.Status.SafeMode);
            Assert.AreEqual(1, board.Hub.Count("\"detail\":\"safe-mode\"", "\"state\":\"normal\""));
            board.Press(InputId.Contact1, 500);
            Assert.IsTrue(board.Hub.Count("\"kind\":\"door\"", "") > 0, "all parts again");
            board.Reboot();
            Assert.IsFalse(board.App.Status.SafeMode, "the loop is forgotten");
        }

        [TestMethod]
        public void In_safe_mode_life_safety_zones_still_call_and_others_do_not()
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Zones[2] = ZoneSettings.Parse("loop1 smoke");
            board.Settings.Zones[3] = ZoneSettings.Parse("loop2 pen");
            board.Settings.Zones[4] = ZoneSettings.Parse("contact2 door life");
            board.Boot();
            BootUntilSafe(board);
            board.Analog.Millivolts[0] = AlarmLow;
            board.Analog.Millivolts[1] = AlarmLow;
            board.Inputs.Set(InputId.Contact2, true, board.Clock.NowMs);
            board.Run(1000);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"kind\":\"smoke\",\"zone\":5,\"state\":\"alarm\""));
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"kind\":\"door\",\"zone\":7,\"state\":\"alarm\""));
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"pen\"", ""), "off in safe mode");

            board.Run(Restart.LongBootMs);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"pen\"", "\"state\":\"alarm\""), "still on when all parts run again");
        }

        [TestMethod]
        public void In_safe_mode_a_desired_configuration_is_taken_for_it_may_be_the_cure()
        {
            FakeBoard board = InSafeMode();
            board.Hub.SendConfig(7, ",\"stuckS\":300");
            board.Run(2000);
            Assert.Contains("\"version\":7,\"state\":\"applied\"", board.Hub.Report);
            Assert.Contains("\"stuckS\":300,", board.Hub.Report);
            Assert.IsTrue(board.App.Status.SafeMode);
            board.PressHelp();
            Assert.AreEqual("received", board.App.Status.Stage);
        }

        [TestMethod]
        public void The_key_ends_safe_mode_and_another_crash_brings_it_back()
        {
            FakeBoard board = InSafeMode();
            board.Press(InputId.ResetKey, 100);
            Assert.IsFalse(board.App.Status.SafeMode);
            board.Reboot();
            Assert.IsTrue(board.App.Status.SafeMode);
        }

        [TestMethod]
        public void An_ordered_restart_is_no_crash_and_ends_safe_mode()
        {
            FakeBoard board = InSafeMode();
            board.Hub.BeginCommand("c-1", "reboot", 999999);
            board.Hub.EndCommand();
            board.Run(2000);
            Assert.IsTrue(board.Restarts.Count > 0);
            board.Reboot();
            Assert.IsFalse(board.App.Status.SafeMode);
        }

        [DataRow(0, "\"state\":\"normal\"", "\"value\":0")]
        [DataRow(1, "\"state\":\"alarm\"", "\"value\":3")]
        [TestMethod]
        public void The_scheduled_self_test_tells_the_hub_its_result(int broken, string state, string value)
        {
            FakeBoard board = new FakeBoard();
            board.Settings.SelfTestHours = 1;
            board.Boot();
            board.Run(3590000);
            Assert.AreEqual(0, board.Hub.Count("\"detail\":\"self-test\"", ""));
            board.Analog.Millivolts[3] = broken == 1 ? -1 : 1100;
            int lampChanges = board.Lamps.Changes[IndicatorId.OnTheWay];
            board.Run(20000);
            Assert.AreEqual(1, board.Hub.Count("\"detail\":\"self-test\"", state));
            Assert.AreEqual(1, board.Hub.Count("\"detail\":\"self-test\"", value));
            Assert.AreEqual(lampChanges + 2, board.Lamps.Changes[IndicatorId.OnTheWay], "each lamp on and off once");
            Assert.AreEqual(2, board.Lamps.Changes[IndicatorId.Buzzer]);
            Assert.AreEqual(0, board.Lamps.Changes[IndicatorId.Siren]);
            board.Run(3600000);
            Assert.AreEqual(2, board.Hub.Count("\"detail\":\"self-test\"", ""));
        }

        [TestMethod]
        public void A_self_test_leaves_the_lamps_of_a_call_alone()
        {
            FakeBoard board = Board();
            board.PressHelp();
            board.Run(2000);
            int lampChanges = board.Lamps.Changes[IndicatorId.OnTheWay];
            board.Hub.BeginCommand("c-1", "selfTest", 999999);
            board.Hub.EndCommand();
            board.Run(5000);
            Assert.Contains("\"result\":\"done\"", (string)board.Hub.Results[0]);
            Assert.AreEqual(lampChanges, board.Lamps.Changes[IndicatorId.OnTheWay]);
        }

        private static FakeBoard InSafeMode()
        {
            FakeBoard board = Board();
            BootUntilSafe(board);
            return board;
        }

        private static void BootUntilSafe(FakeBoard board)
        {
            for (int i = 0; i < Restart.CrashLoopBoots; i++)
            {
                Assert.IsFalse(board.App.Status.SafeMode);
                board.Reboot();
            }

            board.Run(1000);
            Assert.IsTrue(board.App.Status.SafeMode);
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
