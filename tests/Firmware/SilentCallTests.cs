using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    /// <summary>I7: a bystander sees and hears no difference. Two equal boards run side by side; one gets a silent call.</summary>
    [TestClass]
    public class SilentCallTests
    {
        [DataRow(true, 0)]
        [DataRow(false, 0)]
        [DataRow(true, 3)]
        [DataRow(false, 3)]
        [TestMethod]
        public void A_silent_call_changes_no_output_at_any_time_I7(bool reachable, int failingWrites)
        {
            FakeBoard silent = Board(reachable);
            FakeBoard quiet = Board(reachable);
            silent.Flash.FailWrites = failingWrites;
            silent.Inputs.Set(InputId.Silent, true, silent.Clock.NowMs);
            for (int ms = 0; ms < 90000; ms += 20)
            {
                if (ms == 200)
                {
                    silent.Inputs.Set(InputId.Silent, false, silent.Clock.NowMs);
                }

                silent.Clock.NowMs += 20;
                quiet.Clock.NowMs += 20;
                silent.App.Step(silent.Clock.NowMs);
                silent.Hub.Step();
                quiet.App.Step(quiet.Clock.NowMs);
                quiet.Hub.Step();
                for (int i = 0; i < IndicatorId.Count; i++)
                {
                    Assert.AreEqual(quiet.Lamps.On[i], silent.Lamps.On[i], "indicator " + i.ToString() + " at ms " + ms.ToString());
                }
            }

            if (reachable)
            {
                Assert.AreEqual(1, silent.Hub.Count("\"kind\":\"silent\"", "\"zone\":2,"), "and yet it arrives");
            }
            else
            {
                Assert.IsTrue(silent.App.Status.CallBacklog + (uint)silent.App.Status.VolatileBacklog > 0, "and yet it waits");
            }
        }

        [TestMethod]
        public void A_stuck_silent_input_is_reported_and_not_shown_I7()
        {
            FakeBoard board = Board(true);
            board.Inputs.Set(InputId.Silent, true, board.Clock.NowMs);
            board.Run(40000);

            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"fault\"", "\"detail\":\"silent-stuck\""));
            Assert.IsTrue(board.IsOn(IndicatorId.Health), "steady");
            int changes = board.Lamps.Changes[IndicatorId.Health];
            board.Run(5000);
            Assert.AreEqual(changes, board.Lamps.Changes[IndicatorId.Health]);
        }

        [TestMethod]
        public void A_notice_for_a_silent_call_shows_nothing_GW38()
        {
            FakeBoard board = Board(true);
            board.Press(InputId.Silent, 100);
            board.Hub.SendNotice(0, 1, "dispatched");
            board.Run(100);

            Assert.IsFalse(board.IsOn(IndicatorId.Received) || board.IsOn(IndicatorId.Accepted) || board.IsOn(IndicatorId.OnTheWay));
            Assert.AreEqual("idle", board.App.Status.Stage);
        }

        [TestMethod]
        public void The_reset_key_does_not_touch_a_silent_call()
        {
            FakeBoard board = Board(true);
            board.Press(InputId.Silent, 100);
            board.Press(InputId.ResetKey, 100);

            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"reset\"", ""));
        }

        private static FakeBoard Board(bool reachable)
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Siren = true;
            board.Boot();
            board.Link.Reachable = reachable;
            board.Run(3000);
            return board;
        }
    }
}
