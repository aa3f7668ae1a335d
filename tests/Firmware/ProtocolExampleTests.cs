using System.Text;
using Gateway.Firmware.Delivery;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    /// <summary>The examples of PROTOCOL.md, byte for byte, under its printed test key.</summary>
    [TestClass]
    public class ProtocolExampleTests
    {
        private readonly Topics _topics = new Topics(FakeBoard.Device);
        private readonly Authenticator _authenticator = new Authenticator(FakeBoard.PrintedTestKey());

        [TestMethod]
        public void A_first_press_is_written_as_in_the_protocol_GW9_GW14()
        {
            SignalRecord record = Record(17, SignalKind.Help, 1, SignalState.Alarm, 17, 1, 7, 123456);
            record.AtMs = 1795309378369;
            record.Clock = ClockQuality.Synced;

            Assert.AreEqual(
                "{\"v\":1,\"lane\":\"call\",\"epoch\":\"5f0e2b91\",\"seq\":17,\"kind\":\"help\",\"zone\":1,\"state\":\"alarm\",\"call\":17,\"count\":1,\"value\":0,\"detail\":\"\",\"boot\":7,\"up\":123456,\"at\":1795309378369,\"clock\":\"synced\",\"test\":false,\"mac\":\"5ac1dcbf6427772e902c55d2f5a85b9ec07f2d26267f0cd098129a468339d39b\"}",
                Signal(LaneId.Call, 0x5f0e2b91, record));
        }

        [TestMethod]
        public void A_third_press_is_written_as_in_the_protocol_GW21()
        {
            SignalRecord record = Record(18, SignalKind.Help, 1, SignalState.Alarm, 17, 3, 7, 139010);
            record.AtMs = 1795309393923;
            record.Clock = ClockQuality.Synced;

            Assert.AreEqual(
                "{\"v\":1,\"lane\":\"call\",\"epoch\":\"5f0e2b91\",\"seq\":18,\"kind\":\"help\",\"zone\":1,\"state\":\"alarm\",\"call\":17,\"count\":3,\"value\":0,\"detail\":\"\",\"boot\":7,\"up\":139010,\"at\":1795309393923,\"clock\":\"synced\",\"test\":false,\"mac\":\"c7c9f0d6e3379ca625f8ee57050cd249a2f2bb8bdb5193cfc8709cf76b52fcaf\"}",
                Signal(LaneId.Call, 0x5f0e2b91, record));
        }

        [TestMethod]
        public void A_door_without_a_clock_is_written_as_in_the_protocol()
        {
            SignalRecord record = Record(245, SignalKind.Door, 3, SignalState.Alarm, 0, 1, 8, 40);

            Assert.AreEqual(
                "{\"v\":1,\"lane\":\"event\",\"epoch\":\"c30a77d4\",\"seq\":245,\"kind\":\"door\",\"zone\":3,\"state\":\"alarm\",\"call\":0,\"count\":1,\"value\":0,\"detail\":\"\",\"boot\":8,\"up\":40,\"at\":0,\"clock\":\"none\",\"test\":false,\"mac\":\"a7cd6cb1869d9a27d22d4a246e0cc34cd314d19beaabe085fb7895c69c4de9bf\"}",
                Signal(LaneId.Event, 0xc30a77d4, record));
        }

        [TestMethod]
        public void A_gap_is_written_as_in_the_protocol_GW18()
        {
            PayloadWriter writer = new PayloadWriter(_authenticator);
            SignalPayload.WriteGap(writer, _topics.Signal, LaneId.Event, 0xc30a77d4, 131, 229);

            Assert.AreEqual(
                "{\"v\":1,\"lane\":\"event\",\"epoch\":\"c30a77d4\",\"seq\":229,\"kind\":\"gap\",\"first\":131,\"mac\":\"167e29ce535c0c57b7f8018b771ccfb441fa7655142b7ba6e639ebcccb90fd00\"}",
                writer.Written());
        }

        [TestMethod]
        public void The_receipt_of_the_protocol_is_authentic_and_any_change_is_not_GW10()
        {
            string receipt = "{\"v\":1,\"hub\":\"7d1f0c2a94b36e58\",\"session\":\"a1b2c3d4e5f60718\",\"n\":1,\"lane\":\"call\",\"epoch\":\"5f0e2b91\",\"through\":17,\"at\":1795309378401,\"mac\":\"21f4d7132e383fd6ed76751366ebcd5de87e5982a8a6fa0272538b0f36fe8702\"}";
            byte[] bytes = Encoding.UTF8.GetBytes(receipt);
            Assert.IsTrue(_authenticator.IsAuthentic(_topics.Receipt, bytes, bytes.Length));
            Assert.IsFalse(_authenticator.IsAuthentic(_topics.Notice, bytes, bytes.Length), "another topic");
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= 1;
                Assert.IsFalse(_authenticator.IsAuthentic(_topics.Receipt, bytes, bytes.Length), "byte " + i.ToString());
                bytes[i] ^= 1;
            }

            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.IsFalse(_authenticator.IsAuthentic(_topics.Receipt, bytes, length), "length " + length.ToString());
            }
        }

        [TestMethod]
        public void The_largest_payloads_fit_their_bound()
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Device = "a-device-with-the-longest-name-0";
            board.Boot();
            board.Link.Reachable = true;
            board.App.Step(0);
            board.App.Step(board.Clock.NowMs = 6000);
            for (int i = 0; i < board.Link.Up.Count; i++)
            {
                int length = ((FakeMessage)board.Link.Up[i]).Payload.Length;
                Assert.IsTrue(length <= PayloadWriter.BytesMax - 128, "bytes: " + length.ToString());
            }

            Assert.IsTrue(board.Link.Up.Count >= 2, "a birth and a signal");
        }

        private static SignalRecord Record(uint seq, int kind, int zone, int state, uint call, int count, uint boot, long upMs)
        {
            SignalRecord record = new SignalRecord();
            record.Seq = seq;
            record.Kind = kind;
            record.Zone = zone;
            record.State = state;
            record.Call = call;
            record.Count = count;
            record.Boot = boot;
            record.UpMs = upMs;
            return record;
        }

        private string Signal(int lane, uint epoch, SignalRecord record)
        {
            PayloadWriter writer = new PayloadWriter(_authenticator);
            SignalPayload.Write(writer, _topics.Signal, lane, epoch, record);
            return writer.Written();
        }
    }
}
