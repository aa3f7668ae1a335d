using Gateway.Firmware.Delivery;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    /// <summary>What comes down and is not what it should be changes nothing and is counted by its name.</summary>
    [TestClass]
    public class RefusalTests
    {
        [TestMethod]
        public void Each_wrong_receipt_is_refused_by_its_name_GW11_GW35()
        {
            FakeBoard board = PressedBoard();
            uint epoch = board.Hub.Epoch(0);
            string session = board.Hub.Session;
            board.Hub.SendReceipt(0, epoch, 1, session, "0000000000000000");
            board.Hub.SendReceipt(0, epoch, 1, "0000000000000000", FakeBoard.HubId);
            board.Hub.SendReceipt(0, epoch ^ 1, 1, session, FakeBoard.HubId);
            board.Hub.SendReceipt(0, epoch, 2, session, FakeBoard.HubId);
            board.Run(50);

            Assert.AreEqual(1, board.App.Refused(Refusal.WrongHub));
            Assert.AreEqual(1, board.App.Refused(Refusal.StaleSession));
            Assert.AreEqual(1, board.App.Refused(Refusal.WrongEpoch));
            Assert.AreEqual(1, board.App.Refused(Refusal.Beyond));
            Assert.IsFalse(board.IsOn(IndicatorId.Received), "none of them counts as a receipt");
            Assert.AreEqual(4, board.App.Status.Refused);
            board.Hub.SendReceipt(0, epoch, 1, session, FakeBoard.HubId);
            board.Run(50);
            Assert.IsTrue(board.IsOn(IndicatorId.Received), "the right one does");
        }

        [TestMethod]
        public void A_repeated_receipt_is_refused_as_replayed_GW11()
        {
            FakeBoard board = PressedBoard();
            board.Hub.SendReceipt(0, board.Hub.Epoch(0), 0, board.Hub.Session, FakeBoard.HubId);
            FakeMessage captured = board.Link.LastSent();
            board.Run(50);
            board.Link.Send(captured.Topic, captured.Payload);
            board.Run(50);

            Assert.AreEqual(1, board.App.Refused(Refusal.Replayed));
        }

        [TestMethod]
        public void Bytes_that_are_no_message_are_refused_and_harm_nothing_GW9()
        {
            FakeBoard board = PressedBoard();
            string own = "gw/" + FakeBoard.Device;
            board.Link.Send(own + "/receipt", "");
            board.Link.Send(own + "/receipt", "{}");
            board.Link.Send(own + "/receipt", new string('x', 1024));
            board.Link.Send(own + "/receipt", new string('x', 1025));
            board.Link.Send("hub/status", "[]");
            board.Link.Send("hub/status", "{\"v\":1,\"hub\":\"7d1f0c2a94b36e58\"}");
            board.Link.Send("gw/another/receipt", "{}");
            board.Run(50);

            Assert.AreEqual(3, board.App.Refused(Refusal.BadMac));
            Assert.AreEqual(1, board.App.Refused(Refusal.TooLarge));
            Assert.AreEqual(1, board.App.Refused(Refusal.NotJson));
            Assert.AreEqual(1, board.App.Refused(Refusal.MissingMember));
            Assert.AreEqual(1, board.App.Refused(Refusal.UnknownTopic));
            Assert.AreEqual(0, board.App.Status.StepErrors);
        }

        private static FakeBoard PressedBoard()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.Hub.Answers = false;
            board.PressHelp();
            return board;
        }
    }
}
