using System.Text;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class ConfigurationTests
    {
        [TestMethod]
        public void A_desired_configuration_is_tried_reached_and_applied_GW43()
        {
            FakeBoard board = Board();
            board.Hub.SendConfig(4, ",\"cancelWindowS\":60,\"zone5\":\"loop1 smoke name=Kitchen\"");
            board.Run(1000);

            Assert.Contains("\"version\":4,\"state\":\"applied\",\"reason\":\"\",\"inForce\":4,\"local\":false,", board.Hub.Report);
            Assert.Contains("\"cancelWindowS\":60,", board.Hub.Report);
            Assert.Contains("\"zone5\":\"loop1 smoke name=Kitchen\",", board.Hub.Report);
            Assert.Contains("\"config\":4,", (string)board.Hub.Births[board.Hub.Births.Count - 1]);
            Assert.AreEqual(1, Reports(board, "\"state\":\"trial\""));
        }

        [TestMethod]
        public void A_report_tells_which_configuration_of_its_number_it_means_GW41()
        {
            FakeBoard board = Board();
            Assert.Contains("\"version\":0,", board.Hub.Report);
            Assert.IsFalse(board.Hub.Report.Contains("\"sum\""));
            const string members = ",\"debounceMs\":30,\"buzzer\":true,\"zone5\":\"loop1 smoke name=Kitchen\"";
            board.Hub.SendConfig(4, members);
            board.Run(1000);

            // The example of PROTOCOL.md, section 10.
            Assert.Contains("\"version\":4,\"state\":\"applied\",", board.Hub.Report);
            Assert.Contains("\"sum\":\"a89d073c\"", board.Hub.Report);

            board.Hub.SendConfig(4, members + ",\"stuckS\":60");
            board.Hub.SendConfig(3, members);
            board.Reboot();
            board.Run(1000);
            Assert.Contains("\"sum\":\"a89d073c\"", board.Hub.Report);

            board.Hub.SendConfig(5, ",\"debounceMs\":1");
            board.Run(1000);
            Assert.Contains("\"version\":5,\"state\":\"refused\",", board.Hub.Report);
            Assert.IsFalse(board.Hub.Report.Contains("a89d073c"));
        }

        [TestMethod]
        public void A_copy_of_before_there_was_a_sum_reports_none_and_is_known_again_GW41()
        {
            FakeBoard board = Board();
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(1000);
            MakeOld(board.Flash, ConfigurationFile.NameA);
            MakeOld(board.Flash, ConfigurationFile.NameB);
            board.Reboot();
            board.Run(1000);
            Assert.Contains("\"version\":4,\"state\":\"applied\",", board.Hub.Report);
            Assert.Contains("\"stuckS\":60,", board.Hub.Report);
            Assert.IsFalse(board.Hub.Report.Contains("\"sum\""));

            int reports = board.Hub.Reports.Count;
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(1000);
            Assert.AreEqual(reports + 1, board.Hub.Reports.Count);
        }

        [TestMethod]
        public void It_is_in_force_after_a_power_cut_and_complete_GW42()
        {
            FakeBoard board = Board();
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(1000);
            board.Hub.SendConfig(5, ",\"cancelWindowS\":60");
            board.Run(1000);
            board.Reboot();
            board.Run(1000);

            Assert.Contains("\"version\":5,\"state\":\"applied\"", board.Hub.Report);
            Assert.Contains("\"stuckS\":30,\"cancelWindowS\":60,", board.Hub.Report);
        }

        [DataRow(",\"glitchMs\":26", "out-of-range:glitchMs")]
        [DataRow(",\"glitchMs\":\"20\"", "wrong-type:glitchMs")]
        [DataRow(",\"buzzer\":1", "wrong-type:buzzer")]
        [DataRow(",\"host\":5", "wrong-type:host")]
        [DataRow(",\"debounce\":30", "unknown-member:debounce")]
        [DataRow(",\"aVeryLongNameOfNothing\":30", "unknown-member:aVeryLongNameOfN")]
        [DataRow(",\"key\":\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"", "not-settable:key")]
        [DataRow(",\"wifiPassword\":\"a-password\"", "not-settable:wifiPassword")]
        [DataRow(",\"swingerAlarms\":2", "out-of-range:swingerAlarms")]
        [DataRow(",\"batteryLowMv\":11000", "conflict:batteryCriticalMv")]
        [DataRow(",\"zone5\":\"contact1 door\"", "conflict:zone5")]
        [DataRow(",\"zone5\":\"loop5 door\"", "out-of-range:zone5")]
        [DataRow(",\"tls\":true", "no-certificate:tls")]
        [TestMethod]
        public void One_offence_refuses_the_whole_by_name_GW42(string member, string reason)
        {
            FakeBoard board = Board();
            board.Hub.SendConfig(4, ",\"stuckS\":60" + member);
            board.Run(1000);

            Assert.Contains("\"version\":4,\"state\":\"refused\",\"reason\":\"" + reason + "\",\"inForce\":0,", board.Hub.Report);
            Assert.Contains("\"stuckS\":30,", board.Hub.Report);
        }

        [DataRow("loop1 smoke", true)]
        [DataRow("loop4 gas name=Boiler room, left", true)]
        [DataRow("contact1 door disarm=0800-1800 name=Gate", true)]
        [DataRow("contact1 door disarm=2200-0600", true)]
        [DataRow("loop2 pen life", true)]
        [DataRow("", true)]
        [DataRow("loop1", false)]
        [DataRow("loop1 fire", false)]
        [DataRow("loop1  smoke", false)]
        [DataRow("loop1 smoke ", false)]
        [DataRow("loop1 smoke life", false)]
        [DataRow("loop1 smoke name=", false)]
        [DataRow("loop1 tamper life", false)]
        [DataRow("loop1 door life disarm=0800-1800", false)]
        [DataRow("loop1 pen disarm=0800-1800", false)]
        [DataRow("loop1 patrol", false)]
        [DataRow("loop1 door disarm=0800-0800", false)]
        [DataRow("loop1 door disarm=0860-1000", false)]
        [DataRow("loop1 door disarm=2400-1000", false)]
        [DataRow("loop1 door disarm=800-1000", false)]
        [DataRow("loop1 door name=Gate life", true)]
        [TestMethod]
        public void A_zone_is_written_in_one_form_only(string text, bool isOne)
        {
            Assert.AreEqual(isOne, ZoneSettings.Parse(text) != null);
        }

        [TestMethod]
        public void One_that_does_not_reach_the_hub_is_taken_back_and_never_tried_again_GW41_GW43()
        {
            FakeBoard board = Board();
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(1000);
            board.Link.HostReached = "10.0.0.1";
            board.Hub.SendConfig(5, ",\"host\":\"10.9.9.9\",\"trialMin\":2");
            board.Run(3000);
            Assert.AreEqual("10.9.9.9", board.Link.Request.Host);
            board.Run(150000);

            Assert.AreEqual("10.0.0.1", board.Link.Request.Host);
            Assert.Contains("\"version\":5,\"state\":\"rolledBack\",\"reason\":\"not-reached\",\"inForce\":4,", board.Hub.Report);
            Assert.Contains("\"stuckS\":60,", board.Hub.Report);

            board.Reboot();
            board.Hub.SendConfig(5, ",\"host\":\"10.9.9.9\",\"trialMin\":2");
            board.Run(3000);
            Assert.AreEqual("10.0.0.1", board.Link.Request.Host);
            Assert.Contains("\"version\":5,\"state\":\"rolledBack\"", board.Hub.Report);
        }

        [TestMethod]
        public void A_call_that_is_undelivered_under_a_trial_ends_it_GW43()
        {
            FakeBoard board = Board();
            board.Link.HostReached = "10.0.0.1";
            board.Hub.SendConfig(4, ",\"host\":\"10.9.9.9\"");
            board.Run(3000);
            board.PressHelp();
            board.Run(19000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"help\"", ""));
            board.Run(8000);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Assert.Contains("\"state\":\"rolledBack\",\"reason\":\"undelivered\",", board.Hub.Report);
        }

        [TestMethod]
        public void A_trial_ends_with_its_third_boot_GW43()
        {
            FakeBoard board = Board();
            board.Link.HostReached = "10.0.0.1";
            board.Hub.SendConfig(4, ",\"host\":\"10.9.9.9\"");
            board.Run(3000);
            for (int i = 0; i < 2; i++)
            {
                board.Reboot();
                board.Run(3000);
                Assert.AreEqual("10.9.9.9", board.Link.Request.Host);
            }

            board.Reboot();
            board.Run(3000);
            Assert.AreEqual("10.0.0.1", board.Link.Request.Host);
            Assert.Contains("\"state\":\"rolledBack\",\"reason\":\"restarts\",", board.Hub.Report);
        }

        [TestMethod]
        public void A_trial_waits_for_the_receipt_of_a_call_GW43()
        {
            FakeBoard board = Board();
            board.Hub.Answers = false;
            board.PressHelp();
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(2000);
            Assert.AreEqual(0, Reports(board, "\"state\":\"trial\""));
            board.Hub.Answers = true;
            board.Hub.SendReceipt(0);
            board.Run(2000);
            Assert.AreEqual(1, Reports(board, "\"state\":\"trial\""));
        }

        [TestMethod]
        public void An_older_version_is_refused_and_the_same_one_is_answered_again_GW41()
        {
            FakeBoard board = Board();
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(1000);
            int reports = board.Hub.Reports.Count;
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(100);
            Assert.AreEqual(reports + 1, board.Hub.Reports.Count);
            int refused = board.App.Status.Refused;
            board.Hub.SendConfig(3, ",\"stuckS\":60");
            board.Hub.SendConfig(4, ",\"stuckS\":61");
            board.Run(100);
            Assert.AreEqual(refused + 2, board.App.Status.Refused);
            Assert.AreEqual(reports + 1, board.Hub.Reports.Count);
        }

        [TestMethod]
        public void No_secret_is_ever_reported()
        {
            FakeBoard board = Board();
            Assert.IsTrue(board.Hub.Report.IndexOf("a-password-of-a-test") < 0);
            Assert.IsTrue(board.Hub.Report.IndexOf("password") < 0);
            Assert.IsTrue(board.Hub.Report.IndexOf("\"key\"") < 0);
        }

        [TestMethod]
        public void The_longest_report_and_the_longest_stored_configuration_fit_GW6()
        {
            FakeBoard board = Board();
            string[] inputs = new string[] { "contact1", "contact2", "loop1", "loop2", "loop3", "loop4" };
            string members = ",\"host\":\"" + new string('h', 64) + "\",\"host2\":\"" + new string('h', 64) + "\",\"port\":65535,\"port2\":65535,\"stuckS\":600,\"cancelWindowS\":300,\"debounceMs\":200,\"utcOffsetMin\":-840,\"batteryLowMv\":13999,\"batteryCriticalMv\":13998,\"batteryPermille\":1200,\"glitchMs\":25,\"trialMin\":60,\"swingerAlarms\":20,\"helpLoop\":false,\"metered\":false,\"siren\":false,\"annunciator\":false,\"buzzer\":false";
            for (int i = 0; i < inputs.Length; i++)
            {
                string zone = inputs[i] + " sensor life name=";
                members += ",\"zone" + (3 + i).ToString() + "\":\"" + zone + new string('n', 64 - zone.Length) + "\"";
            }

            board.Hub.SendConfig(2147483647, members);
            board.Run(1000);
            Assert.Contains("\"version\":2147483647,\"state\":\"applied\"", board.Hub.Report);
            Assert.IsTrue(board.Hub.Report.Length <= 2048, "bytes: " + board.Hub.Report.Length.ToString());
        }

        [TestMethod]
        public void A_technician_provisions_an_empty_box_setting_by_setting()
        {
            FakeFlash flash = new FakeFlash();
            ConfigurationDesk desk = new ConfigurationDesk(flash);
            Assert.AreEqual("missing:device", desk.Error);
            Assert.AreEqual("unknown-member", desk.Set("nothing", "1"));
            Assert.AreEqual("out-of-range:device", desk.Set("device", "No Name"));
            Assert.AreEqual("out-of-range:device", desk.Set("device", "x\",\"siren\":true,\"hub\":\"x"));
            Assert.AreEqual("out-of-range:port", desk.Set("port", "70000"));
            Assert.AreEqual("wrong-type:port", desk.Set("port", "true"));
            Assert.IsNull(desk.Set("device", "sumitu-01"));
            Assert.AreEqual("missing:hub", desk.Save());
            Assert.IsNull(desk.Set("hub", "7d1f0c2a94b36e58"));
            Assert.IsNull(desk.Set("key", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
            Assert.IsNull(desk.Set("password", "a-password-of-a-test"));
            Assert.IsNull(desk.Set("host", "10.0.0.1"));
            Assert.IsNull(desk.Set("port", "1884"));
            Assert.IsNull(desk.Save());
            Assert.IsTrue(desk.NeedsRestart);

            ConfigurationDesk after = new ConfigurationDesk(flash);
            Assert.IsNull(after.Error, after.Error);
            Assert.AreEqual(1884, after.Settings.Port2);
            Assert.AreEqual("***", after.Show(after.Table.Find("key")));
        }

        [TestMethod]
        public void What_is_set_at_the_box_holds_until_the_hub_desires_a_higher_version()
        {
            FakeBoard board = Board();
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(1000);
            Assert.IsNull(board.Configuration.Set("stuckS", "90"));
            Assert.IsNull(board.Configuration.Save());
            board.Run(1000);
            Assert.Contains("\"version\":4,\"state\":\"applied\",\"reason\":\"\",\"inForce\":4,\"local\":true,", board.Hub.Report);
            Assert.Contains("\"stuckS\":90,", board.Hub.Report);
            board.Hub.SendConfig(5, "");
            board.Run(1000);
            Assert.Contains("\"inForce\":5,\"local\":false,", board.Hub.Report);
            Assert.Contains("\"stuckS\":30,", board.Hub.Report);
        }

        [TestMethod]
        public void A_flash_that_refuses_leaves_all_as_it_was_and_says_so()
        {
            FakeBoard board = Board();
            board.Flash.FailWrites = 1;
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(100);
            Assert.Contains("\"version\":4,\"state\":\"refused\",\"reason\":\"flash:flash\",\"inForce\":0,", board.Hub.Report);
            board.Run(11000);
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(1000);
            Assert.Contains("\"version\":4,\"state\":\"applied\"", board.Hub.Report);
        }

        [TestMethod]
        public void A_damaged_copy_is_made_up_for_by_the_other_one()
        {
            FakeBoard board = Board();
            board.Hub.SendConfig(4, ",\"stuckS\":60");
            board.Run(1000);
            board.Flash.Content("config-a")[40] ^= 1;
            Assert.AreEqual(60, new ConfigurationDesk(board.Flash, board.Settings).Settings.StuckS);
            board.Flash.Content("config-b")[40] ^= 1;
            ConfigurationDesk desk = new ConfigurationDesk(board.Flash, board.Settings);
            Assert.AreEqual(30, desk.Settings.StuckS);
            Assert.IsTrue(desk.IsDamaged);
        }

        [TestMethod]
        public void A_damaged_provisioning_file_is_named_unless_the_stored_settings_make_up_for_it()
        {
            FakeFlash flash = new FakeFlash();
            flash.Replace("gateway.json", Encoding.UTF8.GetBytes("{\"device\":\"sumitu-01\","));
            Assert.AreEqual("not-json", new ConfigurationDesk(flash).Error);
        }

        private static int Reports(FakeBoard board, string text)
        {
            int count = 0;
            for (int i = 0; i < board.Hub.Reports.Count; i++)
            {
                count += ((string)board.Hub.Reports[i]).IndexOf(text) >= 0 ? 1 : 0;
            }

            return count;
        }

        /// <summary>As firmware wrote it that told no sum: another one stands there, and the flag that it is the hub's does not.</summary>
        private static void MakeOld(FakeFlash flash, string name)
        {
            byte[] content = flash.Content(name);
            content[3] = (byte)(content[3] & 3);
            content[16] = (byte)~content[16];
            int end = content.Length - ConfigurationFile.ChecksumBytes;
            uint checksum = new RecordCodec().Checksum(0x43, 0, content, 0, end);
            for (int i = 0; i < ConfigurationFile.ChecksumBytes; i++)
            {
                content[end + i] = (byte)(checksum >> (8 * i));
            }
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
