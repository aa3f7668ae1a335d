using System.Text.RegularExpressions;
using Gateway.Firmware.Journal;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>The bytes that firmware/JOURNAL.md prints are those that the firmware writes.</summary>
public sealed class RecordBytesTests
{
    private const uint Epoch = 0x5f0e2b91;

    private static readonly string Document = File.ReadAllText(Path.Combine(Checkout.Root, "firmware", "JOURNAL.md"));

    [Fact]
    public void The_printed_header_is_the_one_that_the_firmware_writes()
    {
        var bytes = new byte[RecordCodec.HeaderBytes];
        new RecordCodec().EncodeHeader(LaneId.Call, Epoch, 17, bytes, 0);

        Assert.Equal(Printed("header"), Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void The_printed_record_is_the_one_that_the_firmware_writes()
    {
        var record = new SignalRecord();
        record.Clear();
        (record.Seq, record.Call, record.Kind, record.Zone, record.State, record.Count) = (17, 17, SignalKind.Help, 1, SignalState.Alarm, 1);
        (record.Boot, record.UpMs, record.AtMs, record.Clock) = (7, 123_456, 1_795_309_378_369, ClockQuality.Synced);
        var bytes = new byte[RecordCodec.RecordBytes];
        new RecordCodec().Encode(record, LaneId.Call, Epoch, bytes, 0);

        Assert.Equal(Printed("record"), Convert.ToHexStringLower(bytes));
    }

    private static string Printed(string what) =>
        Regex.Replace(Regex.Match(Document, $@"^    {what}((?:\s+[0-9a-f]{{2}})+)$", RegexOptions.Multiline).Groups[1].Value, @"\s", "");
}
