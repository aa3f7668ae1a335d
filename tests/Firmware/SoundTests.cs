using Gateway.Firmware.Delivery;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    /// <summary>What the hub makes a board sound: the annunciator at the station, and a neighbour's call.</summary>
    [TestClass]
    public class SoundTests
    {
        [DataRow(1)]
        [DataRow(2)]
        [DataRow(3)]
        [DataRow(4)]
        [TestMethod]
        public void The_annunciator_sounds_until_the_operators_key_and_the_hub_is_told(int pattern)
        {
            FakeBoard board = Board(true);
            Command(board, "annunciate", 3600, pattern);
            int before = board.Lamps.Changes[IndicatorId.Buzzer];
            board.Run(20000);
            Assert.IsTrue(board.IsOn(IndicatorId.Buzzer) || board.Lamps.Changes[IndicatorId.Buzzer] > before, "it sounds");
            board.Press(InputId.ResetKey, 100);
            Assert.IsFalse(board.IsOn(IndicatorId.Buzzer));
            int silent = board.Lamps.Changes[IndicatorId.Buzzer];
            board.Run(20000);
            Assert.AreEqual(silent, board.Lamps.Changes[IndicatorId.Buzzer], "it stays silent");
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"acknowledge\"", "\"detail\":\"key\""));
        }

        [TestMethod]
        public void Without_anything_to_silence_the_key_acknowledges_nothing()
        {
            FakeBoard board = Board(true);
            board.Press(InputId.ResetKey, 100);
            board.Run(1000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"acknowledge\"", ""));
        }

        [TestMethod]
        public void A_neighbours_call_sounds_its_own_pattern_and_ends_by_itself()
        {
            FakeBoard board = Board(false);
            Command(board, "watchAlert", 10, 0);
            int before = board.Lamps.Changes[IndicatorId.Buzzer];
            board.Run(10000);
            int changes = board.Lamps.Changes[IndicatorId.Buzzer] - before;
            Assert.IsTrue(changes >= 26 && changes <= 32, "three beeps every 2 s: " + changes.ToString());
            board.Run(60000);
            Assert.IsFalse(board.IsOn(IndicatorId.Buzzer));
            Assert.IsTrue(board.Lamps.Changes[IndicatorId.Buzzer] - before <= 32, "bounded");
            Assert.AreEqual(0, board.Lamps.Changes[IndicatorId.Journalled], "no lamp of a call");
        }

        /// <summary>[GW-46].</summary>
        [TestMethod]
        public void A_key_ends_a_neighbours_call_and_the_hub_is_told_once()
        {
            FakeBoard board = Board(false);
            Command(board, "watchAlert", 600, 0);
            board.Run(5000);
            board.Press(InputId.ResetKey, 100);
            board.Run(1000);
            int silent = board.Lamps.Changes[IndicatorId.Buzzer];
            board.Run(20000);
            Assert.AreEqual(silent, board.Lamps.Changes[IndicatorId.Buzzer], "it stays silent");
            board.Press(InputId.ResetKey, 100);
            board.Run(1000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"acknowledge\"", "\"detail\":\"key\""));
        }

        /// <summary>[GW-46]: what nobody heard is not acknowledged.</summary>
        [TestMethod]
        public void A_key_that_resets_the_own_call_acknowledges_no_neighbours_call_behind_it()
        {
            FakeBoard board = Board(false);
            Command(board, "watchAlert", 600, 0);
            board.Press(InputId.Help, 100);
            board.Run(5000);
            board.Press(InputId.ResetKey, 100);
            board.Run(1000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"acknowledge\"", ""));
            int before = board.Lamps.Changes[IndicatorId.Buzzer];
            board.Run(10000);
            Assert.IsTrue(board.Lamps.Changes[IndicatorId.Buzzer] > before, "the neighbour's call sounds again");
        }

        [TestMethod]
        public void A_neighbours_call_hides_and_delays_no_call_of_this_board_I4()
        {
            FakeBoard board = Board(false);
            Command(board, "watchAlert", 600, 0);
            board.Hub.Answers = false;
            long pressedMs = board.Clock.NowMs;
            board.Inputs.Set(InputId.Help, true, pressedMs);
            long sentMs = pressedMs;
            while (board.Hub.Count("\"kind\":\"help\"", "") == 0)
            {
                sentMs = board.Clock.NowMs;
                board.StepOnce(long.MaxValue);
            }

            Assert.IsTrue(sentMs - pressedMs <= 30, "ms: " + (sentMs - pressedMs).ToString());
            Assert.IsTrue(board.IsOn(IndicatorId.Journalled));
            board.Inputs.Set(InputId.Help, false, board.Clock.NowMs);
            board.Run(1000);
            int beeped = board.Lamps.Changes[IndicatorId.Buzzer];
            board.Run(15000);
            Assert.AreEqual(beeped, board.Lamps.Changes[IndicatorId.Buzzer], "silent while the own call is shown");
            board.Run(6000);
            Assert.AreEqual("undelivered", board.App.Status.Stage);
            Assert.IsTrue(board.Lamps.Changes[IndicatorId.Buzzer] > beeped, "the own alarm sounds");
        }

        private static FakeBoard Board(bool annunciator)
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Annunciator = annunciator;
            board.Boot();
            board.Run(1000);
            return board;
        }

        private static void Command(FakeBoard board, string command, int seconds, int pattern)
        {
            PayloadWriter writer = board.Hub.BeginCommand("c-1", command, 999999);
            writer.Number("seconds", seconds);
            writer.Number("pattern", pattern);
            board.Hub.EndCommand();
            board.Run(50);
            Assert.Contains("\"result\":\"done\"", (string)board.Hub.Results[0]);
        }
    }
}
