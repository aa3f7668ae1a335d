using System.Text;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Service;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class ServiceTests
    {
        private const string Key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        private const string Password = "a-password-of-a-test";

        private readonly FakeBoard _board = new FakeBoard();
        private readonly FakeServicePort _port = new FakeServicePort();
        private ServiceDesk _desk;

        [TestMethod]
        public void A_blank_board_is_provisioned_by_the_header_alone()
        {
            ConfigurationDesk configuration = Blank();
            Assert.Contains("not provisioned: missing:device", Say("status"));
            Assert.Contains("error: missing:device", Say("set save"));
            Assert.Contains("ok", Say("set device sumitu-01"));
            Say("set hub 7d1f0c2a94b36e58");
            Say("set key " + Key);
            Say("set host 10.0.0.1");
            Say("set password " + Password);
            Assert.IsFalse(_desk.RestartDue);
            Assert.Contains("ok", Say("set save"));
            Assert.IsTrue(_desk.RestartDue);
            Assert.IsNull(configuration.Settings.Device, "in force with the restart");

            ConfigurationDesk next = new ConfigurationDesk(_board.Flash);
            Assert.IsNull(next.Error);
            Assert.AreEqual("sumitu-01", next.Settings.Device);
            Assert.AreEqual(Password, next.Settings.Password);
        }

        [TestMethod]
        public void No_answer_holds_a_secret()
        {
            Blank();
            string all = Say("set key " + Key) + Say("set password " + Password) + Say("set wifiPassword " + Password) + Say("set wifiPassword x")
                + Say("set key nonsense-" + Password) + Say(Password) + Say("set " + Password + " 1") + Say("set save") + Say("set") + Say("status") + Say("help");
            Assert.AreEqual(-1, all.IndexOf(Key));
            Assert.AreEqual(-1, all.IndexOf(Password));
            Assert.Contains("password ***", all);
        }

        [DataRow("set debounceMs 9", "error: out-of-range:debounceMs")]
        [DataRow("set debounceMs abc", "error:")]
        [DataRow("set nonsense 1", "error: unknown-member")]
        [DataRow("set device A", "error: out-of-range:device")]
        [DataRow("nonsense", "error: unknown command")]
        [DataRow("set device a\"b", "error:")]
        [TestMethod]
        public void What_is_wrong_is_refused_by_name_and_changes_nothing(string line, string answer)
        {
            ConfigurationDesk configuration = Blank();
            Assert.Contains(answer, Say(line));
            Assert.AreEqual(0, configuration.DraftCount);
        }

        [TestMethod]
        public void A_line_too_long_or_with_strange_bytes_is_refused_whole_and_counted()
        {
            Blank();
            string longLine = "status";
            while (longLine.Length <= ServiceLine.CharsMax)
            {
                longLine += " ";
            }

            Assert.Contains("error: not a line", Say(longLine));
            Assert.Contains("error: not a line", Say("sta\ttus"));
            Assert.AreEqual(2, _desk.RefusedLines);
            Assert.Contains("not provisioned", Say("status"), "the next line is a line again");
        }

        [TestMethod]
        public void A_running_board_tells_its_status_and_its_journal_and_tests_itself()
        {
            _board.Boot();
            _board.Run(1000);
            _desk = new ServiceDesk(_port, _board.Configuration, _board.App);
            _board.PressHelp();
            string status = Say("status");
            Assert.Contains("device sumitu-01", status);
            Assert.Contains("link online", status);
            Assert.Contains("stage received", status);
            Assert.Contains("faults none", status);
            string journal = Say("journal");
            Assert.Contains("call epoch ", journal);
            Assert.Contains("receipted 1", journal);
            Assert.Contains("ok", Say("test"));
            _board.Flash.FailWrites = 1;
            Assert.Contains("failed: flash", Say("test"));
        }

        [TestMethod]
        public void A_setting_that_needs_no_restart_is_in_force_at_once()
        {
            _board.Boot();
            _desk = new ServiceDesk(_port, _board.Configuration, _board.App);
            Say("set stuckS 60");
            Assert.AreEqual(30, _board.Configuration.Settings.StuckS);
            Say("set save");
            Assert.AreEqual(60, _board.Configuration.Settings.StuckS);
            Assert.IsFalse(_desk.RestartDue);
        }

        [TestMethod]
        public void A_long_answer_leaves_in_small_pieces_and_fits_its_buffer()
        {
            Blank();
            string all = Say("set");
            Assert.Contains("draft 0", all);
            Assert.IsTrue(all.Length < ServiceOutput.BytesMax, "bytes: " + all.Length.ToString());
            Assert.IsTrue(_port.LargestWrite <= ServiceOutput.BytesPerStepMax, "bytes: " + _port.LargestWrite.ToString());
        }

        private ConfigurationDesk Blank()
        {
            ConfigurationDesk configuration = new ConfigurationDesk(_board.Flash);
            _desk = new ServiceDesk(_port, configuration, null);
            return configuration;
        }

        private string Say(string line)
        {
            _port.Written = "";
            _port.Type(Encoding.UTF8.GetBytes(line + "\r\n"));
            for (int i = 0; i < 100; i++)
            {
                _desk.Step(_board.Clock.NowMs);
            }

            return _port.Written;
        }
    }
}
