using Gateway.Firmware.Inputs;
using Gateway.Hardware.Calculation;

namespace Gateway.Hardware.Tests;

/// <summary>The firmware's own decision, run against the calculation: constants that agree on paper could still be used wrongly.</summary>
public sealed class FirmwareLoopTests
{
    private static readonly LoopCalculation Loops = new(Room.Data.Netlist, Room.Data.LoopDesign);

    public static TheoryData<LineState> States => [.. Enum.GetValues<LineState>()];

    [Fact]
    public void The_constants_of_the_firmware_are_written_from_the_data()
    {
        Assert.Equal(LoopThresholdsSource.Write(Room.Data.LoopDesign), Room.Read(LoopThresholdsSource.Path));
        var bands = Room.Data.LoopDesign.BandsMillivolts;
        Assert.Equal(
            (bands.ShortBelow, bands.AlarmLowBelow, bands.NormalBelow, bands.AlarmHighBelow, bands.Hysteresis),
            (LoopThresholds.ShortBelowMillivolts, LoopThresholds.AlarmLowBelowMillivolts, LoopThresholds.NormalBelowMillivolts, LoopThresholds.AlarmHighBelowMillivolts, LoopThresholds.HysteresisMillivolts));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void The_firmware_reads_every_state_right_at_every_corner_whatever_it_read_before(LineState state)
    {
        var (_, reading) = Loops.Corners(state);
        for (var millivolts = (int)Math.Ceiling(reading.Min); millivolts <= (int)reading.Max; millivolts++)
        {
            for (var before = LoopBand.Short; before <= LoopBand.Open; before++)
            {
                Assert.True(BandOf(state) == LoopBand.Of(millivolts, before), $"{state}, {millivolts} mV after band {before}: band {LoopBand.Of(millivolts, before)}");
            }
        }
    }

    [Fact]
    public void Outside_of_the_hysteresis_the_firmware_decides_as_the_calculation_does()
    {
        var bands = Room.Data.LoopDesign.BandsMillivolts;
        int[] borders = [bands.ShortBelow, bands.AlarmLowBelow, bands.NormalBelow, bands.AlarmHighBelow];
        for (var millivolts = 0; millivolts <= 3_300; millivolts++)
        {
            if (borders.Any(border => Math.Abs(border - millivolts) <= bands.Hysteresis))
            {
                continue;
            }

            for (var before = LoopBand.Short; before <= LoopBand.Open; before++)
            {
                Assert.Equal(BandOf(LoopCalculation.StateOf(millivolts, bands)), LoopBand.Of(millivolts, before));
            }
        }
    }

    [Fact]
    public void Within_the_hysteresis_the_firmware_stays_where_it_was()
    {
        var bands = Room.Data.LoopDesign.BandsMillivolts;
        Assert.Equal(LoopBand.Normal, LoopBand.Of(bands.NormalBelow + bands.Hysteresis - 1, LoopBand.Normal));
        Assert.Equal(LoopBand.AlarmHigh, LoopBand.Of(bands.NormalBelow - bands.Hysteresis, LoopBand.AlarmHigh));
        Assert.Equal(LoopBand.AlarmHigh, LoopBand.Of(bands.NormalBelow + bands.Hysteresis, LoopBand.Normal));
        Assert.Equal(LoopBand.Open, LoopBand.Of(-1, LoopBand.Normal));
    }

    private static int BandOf(LineState state) => state switch
    {
        LineState.Short => LoopBand.Short,
        LineState.AlarmLow => LoopBand.AlarmLow,
        LineState.Normal => LoopBand.Normal,
        LineState.AlarmHigh => LoopBand.AlarmHigh,
        _ => LoopBand.Open,
    };
}
