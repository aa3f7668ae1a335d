using Gateway.Firmware.Journal;

namespace Gateway.Firmware.Delivery
{
    /// <summary>The payload of a signal: a pure function of its record, lane and epoch ([GW-14]).</summary>
    public static class SignalPayload
    {
        public static void Write(PayloadWriter writer, Topic topic, int lane, uint epoch, SignalRecord record)
        {
            writer.Begin();
            writer.Text("lane", LaneId.Name(lane));
            writer.Hex("epoch", epoch);
            writer.Number("seq", record.Seq);
            writer.Text("kind", SignalKind.Name(record.Kind));
            writer.Number("zone", record.Zone);
            writer.Text("state", SignalState.Name(record.State));
            writer.Number("call", record.Call);
            writer.Number("count", record.Count);
            writer.Number("value", record.Value);
            writer.Text("detail", SignalDetail.Name(record.Detail));
            writer.Number("boot", record.Boot);
            writer.Number("up", record.UpMs);
            writer.Number("at", record.AtMs);
            writer.Text("clock", ClockQuality.Name(record.Clock));
            writer.Flag("test", record.Test);
            writer.End(topic);
        }

        /// <summary>A hole in the lane ([GW-18]): the numbers from <paramref name="first"/> to <paramref name="last"/> are lost.</summary>
        public static void WriteGap(PayloadWriter writer, Topic topic, int lane, uint epoch, uint first, uint last)
        {
            writer.Begin();
            writer.Text("lane", LaneId.Name(lane));
            writer.Hex("epoch", epoch);
            writer.Number("seq", last);
            writer.Text("kind", "gap");
            writer.Number("first", first);
            writer.End(topic);
        }
    }
}
