using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    /// <summary>I6 for a call that the journal refused: its record is in RAM, its latch becomes durable as soon as the flash works again.</summary>
    [TestClass]
    public class VolatileLatchTests
    {
        [TestMethod]
        public void A_call_that_the_journal_refused_stays_latched_through_a_power_cut_I6()
        {
            FakeBoard board = Refused(1);
            Assert.AreEqual("received", board.App.Status.Stage);
            uint epoch = board.App.Status.LatchedEpoch;
            board.Reboot();
            board.Run(2000);

            Assert.IsTrue(board.App.Status.Latched);
            Assert.AreEqual(1u, board.App.Status.LatchedCall);
            Assert.AreEqual(epoch, board.App.Status.LatchedEpoch);
            Assert.AreEqual("received", board.App.Status.Stage, "the hub had receipted it");
            Assert.IsTrue(board.IsOn(IndicatorId.Received));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""), "it is no second call");
        }

        [TestMethod]
        public void The_latch_is_saved_when_the_flash_works_again_although_nothing_else_happens_I6()
        {
            FakeBoard board = Refused(5);
            board.Flash.FailWrites = 0;
            board.Run(11000);
            board.Reboot();
            board.Run(1000);
            Assert.IsTrue(board.App.Status.Latched);
        }

        [TestMethod]
        public void A_refused_call_that_never_reached_the_hub_is_undelivered_after_the_cut_and_the_next_press_is_a_new_call_I3_GW20()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Link.Reachable = false;
            board.Link.Drop();
            board.Flash.FailWrites = 1;
            board.PressHelp();
            board.Run(2000);
            board.Reboot();
            board.Link.Reachable = true;
            board.Run(22000);
            Assert.AreEqual("undelivered", board.App.Status.Stage, "the record went with the RAM");
            Assert.IsFalse(board.IsOn(IndicatorId.Received));

            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"seq\":2,\"kind\":\"help\",\"zone\":1,\"state\":\"alarm\",\"call\":2,\"count\":1,"));
            Assert.AreEqual("received", board.App.Status.Stage);
            board.Reboot();
            board.Run(1000);
            Assert.AreEqual(2u, board.App.Status.LatchedCall, "the newer call is the latched one, also in replay");
            Assert.AreEqual(board.Hub.Epoch(0), board.App.Status.LatchedEpoch);
        }

        [TestMethod]
        public void The_key_resets_a_refused_call_of_an_earlier_boot_by_its_zone_GW22()
        {
            FakeBoard board = Refused(1);
            board.Reboot();
            board.Run(1000);
            board.Press(InputId.ResetKey, 100);

            Assert.IsFalse(board.App.Status.Latched);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"kind\":\"reset\",\"zone\":1,\"state\":\"normal\",\"call\":0,"));
            board.Reboot();
            board.Run(1000);
            Assert.IsFalse(board.App.Status.Latched);
        }

        [TestMethod]
        public void A_refused_call_that_the_key_ended_does_not_come_back_after_a_power_cut()
        {
            FakeBoard board = Refused(1);
            board.Press(InputId.ResetKey, 100);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"volatile\"", "\"kind\":\"reset\",\"zone\":1,\"state\":\"normal\",\"call\":1,"));
            board.Reboot();
            board.Run(1000);
            Assert.IsFalse(board.App.Status.Latched);
        }

        [TestMethod]
        public void The_hub_names_a_refused_call_of_an_earlier_boot_in_notices_and_resets_by_its_old_identity_GW30()
        {
            FakeBoard board = Refused(1);
            uint epoch = board.App.Status.LatchedEpoch;
            board.Reboot();
            board.Run(1000);
            Assert.AreNotEqual(epoch, board.Hub.Epoch(2), "each boot draws its own");
            Reset(board, "r-1", board.Hub.Epoch(2));
            Assert.IsTrue(board.App.Status.Latched, "another call");
            Reset(board, "r-2", epoch);
            Assert.IsFalse(board.App.Status.Latched);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"reset\"", "\"detail\":\"command\""));
        }

        [TestMethod]
        public void A_refused_silent_call_stays_latched_too_and_shows_nothing_I6_I7()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Flash.FailWrites = 1;
            board.Press(InputId.Silent, 100);
            uint epoch = board.Hub.Epoch(2);
            board.Run(2000);
            board.Reboot();
            board.Run(1000);
            Assert.AreEqual("idle", board.App.Status.Stage);
            Assert.IsFalse(board.IsOn(IndicatorId.Journalled));
            Reset(board, "r-1", epoch);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"reset\",\"zone\":2,", "\"detail\":\"command\""), "it was latched");
        }

        /// <summary>A board whose help press met <paramref name="writes"/> failing writes, two seconds later.</summary>
        private static FakeBoard Refused(int writes)
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Flash.FailWrites = writes;
            board.PressHelp();
            board.Run(2000);
            return board;
        }

        private static void Reset(FakeBoard board, string id, uint epoch)
        {
            Delivery.PayloadWriter writer = board.Hub.BeginCommand(id, "resetLatch", 600000);
            writer.Text("lane", "volatile");
            writer.Hex("epoch", epoch);
            writer.Number("seq", 1);
            board.Hub.EndCommand();
            board.Run(100);
        }
    }
}
