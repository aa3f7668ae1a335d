using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    /// <summary>[GW-20]: when the journal refuses, the call goes out from RAM at once.</summary>
    [TestClass]
    public class VolatileCallTests
    {
        [TestMethod]
        public void A_call_that_the_flash_refuses_is_sent_from_RAM_and_a_fault_is_shown_GW20_I1()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Flash.FailWrites = 1;
            board.PressHelp();

            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"volatile\"", "\"seq\":1,\"kind\":\"help\""));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
            Assert.IsTrue(board.IsOn(IndicatorId.Received));
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"fault\"", "\"detail\":\"journal\""));
            board.Hub.SendNotice(2, 1, "accepted");
            board.Run(50);
            Assert.AreEqual("accepted", board.App.Status.Stage);
        }

        [TestMethod]
        public void A_volatile_call_is_resent_until_it_is_receipted_GW20()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Hub.Answers = false;
            board.Flash.FailWrites = 1;
            board.PressHelp();
            board.Run(12000);
            Assert.IsTrue(board.Hub.Duplicates >= 2, "resent every 5 s");
            Assert.AreEqual(0, board.Hub.Conflicts);
            board.Hub.Answers = true;
            board.Run(6000);
            Assert.AreEqual(0, board.App.Status.VolatileBacklog);
            Assert.IsTrue(board.IsOn(IndicatorId.Received));
        }

        [TestMethod]
        public void A_number_whose_append_failed_is_not_used_again_and_becomes_a_gap_GW18()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Flash.FailWrites = 1;
            board.PressHelp();
            board.Press(InputId.ResetKey, 100);
            board.PressHelp();

            Assert.AreEqual(0, board.Hub.Count("\"lane\":\"call\"", "\"seq\":1,\"kind\":\"help\""));
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"kind\":\"gap\",\"first\":1,"));
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"seq\":2,\"kind\":\"help\""));
            Assert.AreEqual(0u, board.App.Status.CallBacklog);
        }

        [TestMethod]
        public void A_burnt_last_number_is_told_as_a_gap_before_the_next_record_and_no_backlog_stays_GW18_I1()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Flash.FailWrites = 1;
            board.PressHelp();
            board.Run(2000);

            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"seq\":1,\"kind\":\"gap\",\"first\":1,"));
            Assert.AreEqual(0u, board.App.Status.CallBacklog);
            board.Reboot();
            board.Run(2000);
            board.Press(InputId.ResetKey, 100);
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"seq\":3,\"kind\":\"help\""), "after the reset, which has 2");
            Assert.AreEqual(0u, board.App.Status.CallBacklog);
        }

        [TestMethod]
        public void A_burnt_number_that_the_flash_does_not_know_of_is_told_to_nobody_GW35_GW36()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Flash.FailWrites = int.MaxValue;
            board.PressHelp();
            board.Run(2000);
            board.Link.Drop();
            board.Run(2000);
            Assert.AreEqual(0, board.Hub.Count("\"lane\":\"call\"", ""));
            Assert.Contains("\"callOldest\":1,\"callNext\":2,", (string)board.Hub.Births[board.Hub.Births.Count - 1]);

            // After the cut the number is free again: no receipt may cover it before the press that gets it has arrived.
            board.Flash.FailWrites = 0;
            board.Reboot();
            board.Hub.Answers = false;
            board.Run(2000);
            board.PressHelp();
            board.Hub.SendReceipt(0);
            board.Run(100);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"seq\":1,\"kind\":\"help\""));
        }

        [TestMethod]
        public void With_dead_flash_calls_still_reach_the_hub_and_the_RAM_is_bounded()
        {
            FakeBoard board = new FakeBoard();
            CutOff(board);
            for (int i = 0; i < 20; i++)
            {
                board.PressHelp();
                board.Press(InputId.ResetKey, 100);
            }

            Assert.AreEqual(16, board.App.Status.VolatileBacklog);
            board.Link.Reachable = true;
            board.Link.Drop();
            board.Run(6000);
            Assert.AreEqual(8, board.Hub.Count("\"lane\":\"volatile\"", "\"kind\":\"help\""));
            Assert.AreEqual(0, board.App.Status.VolatileBacklog);
        }

        [TestMethod]
        public void A_call_that_neither_flash_nor_RAM_takes_is_not_shown_as_received_and_goes_when_there_is_room_I1_I3()
        {
            FakeBoard board = new FakeBoard();
            FillRam(board);
            board.PressHelp();
            board.PressHelp();
            Assert.AreEqual(16, board.App.Status.VolatileBacklog);
            Assert.IsTrue(board.App.Status.Latched);

            board.Link.Reachable = true;
            board.Link.Drop();
            board.Run(5000);
            Assert.AreEqual(0, board.App.Status.VolatileBacklog, "what was in RAM has its receipt");
            Assert.AreEqual(8, board.Hub.Count("\"lane\":\"volatile\"", "\"kind\":\"help\""));
            Assert.IsFalse(board.IsOn(IndicatorId.Received));

            board.Run(8000);
            Assert.AreEqual(1, board.Hub.Count("\"seq\":17,\"kind\":\"help\"", "\"call\":17,\"count\":2,"));
            Assert.IsTrue(board.IsOn(IndicatorId.Received));
        }

        [TestMethod]
        public void A_call_that_neither_takes_is_kept_by_the_flash_when_that_works_again_I1()
        {
            FakeBoard board = new FakeBoard();
            FillRam(board);
            board.PressHelp();
            board.Flash.FailWrites = 0;
            board.Run(11000);
            Assert.IsTrue(board.App.Status.LatchedEpoch == board.App.Journal.Calls.Epoch, "latched in the call lane");
            board.Reboot();
            board.Link.Reachable = true;
            board.Run(6000);
            Assert.AreEqual(1, board.Hub.Count("\"lane\":\"call\"", "\"kind\":\"help\""));
            Assert.IsTrue(board.IsOn(IndicatorId.Received));
        }

        [TestMethod]
        public void Repeated_presses_leave_room_in_RAM_for_the_end_of_the_call_and_the_next_one_GW20()
        {
            FakeBoard board = new FakeBoard();
            CutOff(board);
            for (int i = 0; i < 20; i++)
            {
                board.PressHelp();
                board.Run(10000);
            }

            Assert.AreEqual(12, board.App.Status.VolatileBacklog);
            board.Press(InputId.ResetKey, 100);
            board.PressHelp();
            Assert.AreEqual(14, board.App.Status.VolatileBacklog);
        }

        /// <summary>A flash that refuses everything, and no way to the hub.</summary>
        private static void CutOff(FakeBoard board)
        {
            board.Boot();
            board.Run(2000);
            board.Flash.FailWrites = int.MaxValue;
            board.Link.Reachable = false;
            board.Link.Drop();
        }

        /// <summary>Eight calls and their ends wait in RAM, which has no room for more.</summary>
        private static void FillRam(FakeBoard board)
        {
            CutOff(board);
            for (int i = 0; i < 8; i++)
            {
                board.PressHelp();
                board.Press(InputId.ResetKey, 100);
            }

            Assert.AreEqual(16, board.App.Status.VolatileBacklog);
        }
    }
}
