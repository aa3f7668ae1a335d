using Gateway.Firmware.Configuration;
using Gateway.Firmware.Inputs;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class ZoneTests
    {
        private const int AtRest = (LoopThresholds.AlarmLowBelowMillivolts + LoopThresholds.NormalBelowMillivolts) / 2;
        private const int AlarmLow = (LoopThresholds.ShortBelowMillivolts + LoopThresholds.AlarmLowBelowMillivolts) / 2;
        private const int AlarmHigh = (LoopThresholds.NormalBelowMillivolts + LoopThresholds.AlarmHighBelowMillivolts) / 2;
        private const int Cut = LoopThresholds.AlarmHighBelowMillivolts + 200;
        private const int Touching = LoopThresholds.ShortBelowMillivolts - 100;
        private const int HelpChannel = HelpLine.Channel;

        [DataRow(AlarmLow, "alarm")]
        [DataRow(AlarmHigh, "alarm")]
        [DataRow(Cut, "open")]
        [DataRow(Touching, "short")]
        [DataRow(-1, "open")]
        [TestMethod]
        public void A_supervised_smoke_zone_tells_its_state_in_the_call_lane_and_its_end(int millivolts, string state)
        {
            FakeBoard board = Board("loop1 smoke name=Kitchen");
            board.Analog.Millivolts[0] = millivolts;
            board.Run(400);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"kind\":\"smoke\",\"zone\":5,\"state\":\"" + state + "\",\"call\":0,\"count\":1,"));
            Assert.AreEqual(state != "alarm", (board.App.Status.Faults & (1u << FaultId.ZoneLine)) != 0);
            board.Analog.Millivolts[0] = AtRest;
            board.Run(11000);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"kind\":\"smoke\",\"zone\":5,\"state\":\"normal\","));
            Assert.AreEqual(0u, board.App.Status.Faults & (1u << FaultId.ZoneLine));
        }

        [TestMethod]
        public void A_reading_near_a_border_does_not_chatter()
        {
            FakeBoard board = Board("loop1 water");
            for (int i = 0; i < 100; i++)
            {
                board.Analog.Millivolts[0] = LoopThresholds.NormalBelowMillivolts + (i % 2 == 0 ? -15 : 15);
                board.Run(300);
            }

            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"water\"", ""));
            board.Analog.Millivolts[0] = LoopThresholds.NormalBelowMillivolts + LoopThresholds.HysteresisMillivolts + 1;
            board.Run(300);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"water\"", "\"state\":\"alarm\""));
        }

        [TestMethod]
        public void A_glitch_on_a_loop_is_no_alarm()
        {
            FakeBoard board = Board("loop1 smoke");
            board.Analog.Millivolts[0] = AlarmLow;
            board.Run(120);
            board.Analog.Millivolts[0] = AtRest;
            board.Run(2000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"smoke\"", ""));
        }

        [DataRow("loop2 pen", "event")]
        [DataRow("loop2 pen life", "call")]
        [DataRow("loop2 gas", "call")]
        [DataRow("loop2 sensor life name=Well cover", "call")]
        [DataRow("loop2 tamper", "event")]
        [TestMethod]
        public void Life_safety_decides_the_lane(string zone, string lane)
        {
            FakeBoard board = Board(zone);
            board.Analog.Millivolts[1] = AlarmLow;
            board.Run(500);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"" + lane + "\"", "\"zone\":5,\"state\":\"alarm\""));
        }

        [TestMethod]
        public void A_bouncing_life_safety_sensor_tells_each_alarm_at_most_once_in_10_s_and_loses_none()
        {
            FakeBoard board = Board("loop1 smoke");
            for (int i = 0; i < 60; i++)
            {
                board.Analog.Millivolts[0] = AlarmLow;
                board.Run(300);
                board.Analog.Millivolts[0] = AtRest;
                board.Run(300);
            }

            board.Run(25000);
            int signals = board.Hub.Count("\"kind\":\"smoke\"", "");
            Assert.IsTrue(signals >= 3 && signals <= 7, "signals in 61 s: " + signals.ToString());
            Assert.AreEqual(0, board.Hub.Count("\"detail\":\"swinger\"", ""));
            string last = (string)board.Hub.Signals[board.Hub.Signals.Count - 1];
            Assert.Contains("\"kind\":\"smoke\",\"zone\":5,\"state\":\"normal\"", last);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"smoke\"", "\"count\":1,"), "the first one; the others count on");
        }

        [TestMethod]
        public void A_short_alarm_inside_of_the_spacing_is_told_all_the_same()
        {
            FakeBoard board = Board("loop1 smoke");
            Pulse(board, 0, 300);
            board.Run(11000);
            board.Run(3000);
            Pulse(board, 0, 300);
            board.Run(25000);
            Assert.AreEqual(2, board.Hub.Count("\"kind\":\"smoke\"", "\"state\":\"alarm\""));
            Assert.AreEqual(2, board.Hub.Count("\"kind\":\"smoke\"", "\"state\":\"normal\""));
        }

        [TestMethod]
        public void A_bouncing_gate_is_shut_down_until_it_has_rested()
        {
            FakeBoard board = Board("loop1 pen");
            for (int i = 0; i < 20; i++)
            {
                Pulse(board, 0, 1500);
                board.Run(1500);
            }

            Assert.AreEqual(5, board.Hub.Count("\"kind\":\"pen\"", "\"state\":\"alarm\""));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"fault\",\"zone\":5,\"state\":\"alarm\"", "\"detail\":\"swinger\""));
            board.Run(590000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"fault\",\"zone\":5,\"state\":\"normal\"", "\"detail\":\"swinger\""));
            board.Run(20000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"fault\",\"zone\":5,\"state\":\"normal\"", "\"detail\":\"swinger\""));
            Pulse(board, 0, 1500);
            board.Run(1000);
            Assert.AreEqual(6, board.Hub.Count("\"kind\":\"pen\"", "\"state\":\"alarm\""));
        }

        [DataRow("loop1 smoke")]
        [DataRow("loop1 tamper")]
        [TestMethod]
        public void Smoke_and_tamper_are_never_shut_down(string zone)
        {
            FakeBoard board = Board(zone);
            for (int i = 0; i < 12; i++)
            {
                Pulse(board, 0, 12000);
                board.Run(12000);
            }

            Assert.AreEqual(12, board.Hub.Count("\"zone\":5,\"state\":\"alarm\"", ""));
        }

        [TestMethod]
        public void A_disarmed_door_is_silent_and_an_open_one_is_told_when_its_time_ends()
        {
            // 2026-11-21 20:00:54 UTC + 8 h is 04:00:54 local time.
            FakeBoard board = new FakeBoard();
            board.Settings.Zones[0] = ZoneSettings.Parse("contact1 door disarm=2200-0405");
            board.Wall.IsSynchronized = true;
            board.Wall.BootMs = 1795291254000;
            board.Boot();
            board.Run(1000);
            board.Press(InputId.Contact1, 2000);
            board.Run(2000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"door\"", ""));
            board.Inputs.Set(InputId.Contact1, true, board.Clock.NowMs);
            board.Run(180000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"door\"", ""));
            board.Run(120000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"door\"", "\"state\":\"alarm\""));
        }

        [TestMethod]
        public void A_door_is_armed_where_the_time_is_not_known()
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Zones[0] = ZoneSettings.Parse("contact1 door disarm=0000-2359");
            board.Hub.Answers = false;
            board.Boot();
            board.Run(1000);
            board.Press(InputId.Contact1, 2000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"door\"", "\"state\":\"alarm\""));
        }

        [TestMethod]
        public void An_alarm_of_a_test_ends_as_a_test_and_what_is_still_on_is_told_for_real()
        {
            FakeBoard board = Board("loop1 smoke");
            TestMode(board, 5, 1);
            Pulse(board, 0, 500);
            board.Run(11000);
            Assert.AreEqual(2, board.Hub.Count("\"kind\":\"smoke\"", "\"test\":true"));
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"test\":false"), "a press during the test of a zone is real");
            board.Analog.Millivolts[0] = AlarmLow;
            board.Run(70000);
            Assert.AreEqual(2, board.Hub.Count("\"kind\":\"smoke\",\"zone\":5,\"state\":\"alarm\"", "\"test\":true"));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"smoke\",\"zone\":5,\"state\":\"alarm\"", "\"test\":false"));
            board.Analog.Millivolts[0] = AtRest;
            board.Run(11000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"smoke\",\"zone\":5,\"state\":\"normal\"", "\"test\":false"));
        }

        [TestMethod]
        public void A_patrol_key_at_a_contact_is_one_fact_per_turn()
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Zones[1] = ZoneSettings.Parse("contact2 patrol name=North gate");
            board.Boot();
            board.Run(1000);
            board.Press(InputId.Contact2, 1500);
            board.Run(1500);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"patrol\"", "\"zone\":4,\"state\":\"normal\""));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"patrol\"", ""));
        }

        [DataRow(Cut)]
        [DataRow(Touching)]
        [DataRow(AlarmHigh)]
        [DataRow(-1)]
        [TestMethod]
        public void A_help_line_that_is_cut_shorted_or_decayed_is_a_fault_at_once_and_no_call(int millivolts)
        {
            FakeBoard board = Board("");
            board.Analog.Millivolts[HelpChannel] = millivolts;
            board.Run(700);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"fault\",\"zone\":1,\"state\":\"alarm\"", "\"value\":" + millivolts.ToString() + ",\"detail\":\"help-line\""));
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"help\"", ""));
            board.Analog.Millivolts[HelpChannel] = AtRest;
            board.Run(700);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"fault\",\"zone\":1,\"state\":\"normal\"", "\"detail\":\"help-line\""));
        }

        [TestMethod]
        public void A_help_line_without_resistors_is_not_watched_when_so_configured()
        {
            FakeBoard board = new FakeBoard();
            board.Settings.HelpLoop = false;
            board.Analog.Millivolts[HelpChannel] = Cut;
            board.Boot();
            board.Run(2000);
            Assert.AreEqual(0, board.Hub.Count("\"detail\":\"help-line\"", ""));
        }

        [TestMethod]
        public void A_press_that_only_the_converter_sees_is_a_call_and_one_that_both_see_is_one_press()
        {
            FakeBoard board = Board("");
            Pulse(board, HelpChannel, 300);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            board.Run(1000);
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            Pulse(board, HelpChannel, 300);
            board.Run(1700);
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs);
            board.Run(1000);
            Assert.AreEqual(2, board.App.Status.LatchedCount);
            Assert.AreEqual(0, board.Hub.Count("\"detail\":\"help-line\"", ""));
        }

        [DataRow(30)]
        [DataRow(60)]
        [TestMethod]
        public void A_press_while_a_smoke_alarm_is_written_is_a_call(int holdMs)
        {
            for (int offsetMs = 150; offsetMs < 260; offsetMs += 5)
            {
                FakeBoard board = Board("loop1 smoke");
                board.Analog.Millivolts[0] = AlarmLow;
                board.Run(offsetMs);
                board.Press(InputId.Help, holdMs);
                board.Run(300);
                Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""), "offset ms: " + offsetMs.ToString());
                Assert.AreEqual(1, board.Hub.Count("\"kind\":\"smoke\"", ""), "offset ms: " + offsetMs.ToString());
            }
        }

        [TestMethod]
        public void A_smoke_alarm_that_the_flash_refuses_is_sent_from_RAM_GW20()
        {
            FakeBoard board = Board("loop1 smoke");
            board.Flash.FailWrites = 1;
            board.Analog.Millivolts[0] = AlarmLow;
            board.Run(400);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"volatile\"", "\"kind\":\"smoke\""));
        }

        [TestMethod]
        public void A_zone_that_is_configured_while_the_board_runs_is_watched_from_then_on()
        {
            FakeBoard board = Board("");
            board.Analog.Millivolts[2] = AlarmLow;
            board.Run(1000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"gas\"", ""));
            board.Hub.SendConfig(1, ",\"zone8\":\"loop3 gas name=Boiler\"");
            board.Run(1000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"gas\",\"zone\":8,\"state\":\"alarm\"", ""));
        }

        [TestMethod]
        public void A_held_button_is_no_second_press_when_a_configuration_comes()
        {
            FakeBoard board = Board("");
            board.Inputs.Set(InputId.Help, true, board.Clock.NowMs);
            board.Run(1000);
            board.Hub.SendConfig(1, ",\"glitchMs\":10");
            board.Run(2000);
            Assert.AreEqual(1, board.App.Status.LatchedCount);
        }

        [TestMethod]
        public void The_battery_reading_is_corrected_per_box_and_its_levels_are_settings()
        {
            FakeBoard board = new FakeBoard();
            board.Settings.BatteryPermille = 1100;
            board.Settings.BatteryLowMv = 13000;
            board.Analog.Millivolts[4] = 1700;
            board.Boot();
            board.Run(7000);
            Assert.Contains("\"batteryMv\":12259,", (string)board.Hub.Heartbeats[board.Hub.Heartbeats.Count - 1]);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"battery\"", "\"state\":\"low\""));
        }

        [TestMethod]
        public void One_low_reading_of_the_battery_is_no_low_battery()
        {
            FakeBoard board = Board("");
            board.Run(20000);
            board.Analog.Millivolts[4] = 1650;
            board.Run(2000);
            board.Analog.Millivolts[4] = 1950;
            board.Run(30000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"battery\"", ""));
        }

        private static void Pulse(FakeBoard board, int channel, int ms)
        {
            board.Analog.Millivolts[channel] = AlarmLow;
            board.Run(ms);
            board.Analog.Millivolts[channel] = AtRest;
            board.Run(300);
        }

        private static void TestMode(FakeBoard board, int zone, int minutes)
        {
            Delivery.PayloadWriter writer = board.Hub.BeginCommand("t-1", "testMode", board.Clock.NowMs + 60000);
            writer.Number("zone", zone);
            writer.Number("minutes", minutes);
            board.Hub.EndCommand();
            board.Run(200);
        }

        /// <summary>A board that has run a second, with this zone 5.</summary>
        private static FakeBoard Board(string zone5)
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Zones[2] = ZoneSettings.Parse(zone5);
            board.Boot();
            board.Run(1000);
            return board;
        }
    }
}
