using Gateway.Firmware.Inputs;
using Gateway.World.Kernel;

namespace Gateway.World.Boards;

/// <content>What somebody or something does to its inputs: buttons and contacts that bounce, lines with resistors, the battery.</content>
public sealed partial class SimulatedBoard
{
    /// <summary>Shorter than the shortest release that the settings know, 10 ms.</summary>
    private const long SlipUs = 8 * VirtualTime.Ms;

    /// <summary>Until when the contacts of each input bounce, at most.</summary>
    private readonly long[] _bouncesUntilUs = new long[Gateway.Firmware.Ports.InputId.Count];

    /// <summary>The battery has changed, and the core has not read it since.</summary>
    private bool _isBatteryNew;

    /// <summary>Somebody asserts an input and lets it go again.</summary>
    public void Press(int input, long holdUs)
    {
        Change(input, true);
        World.Queue.In(holdUs, this, ReleaseCode, input);
    }

    /// <summary>The same by contacts that bounce so often, when they close and when they open.</summary>
    public void PressBouncing(int input, long holdUs, long bounces, long bounceUs, long wobbleUs)
    {
        Change(input, true);
        _bouncesUntilUs[input] = World.Queue.NowUs + holdUs + (2 * bounces * bounceUs);
        for (var i = 1L; i <= bounces; i++)
        {
            World.Queue.In(((2 * i) - 1) * bounceUs, this, ReleaseCode, input);
            World.Queue.In(2 * i * bounceUs, this, AssertCode, input);
            World.Queue.In(holdUs + (((2 * i) - 1) * bounceUs), this, AssertCode, input);
            World.Queue.In(holdUs + (2 * i * bounceUs), this, ReleaseCode, input);
        }

        if (wobbleUs > 0)
        {
            // The finger slips: a gap that is shorter than any release, and the contact closes again for long enough to be a press.
            World.Queue.In(holdUs - wobbleUs - SlipUs, this, ReleaseCode, input);
            World.Queue.In(holdUs - wobbleUs, this, AssertCode, input);
        }

        World.Queue.In(holdUs, this, ReleaseCode, input);
    }

    public void Change(int input, bool asserted)
    {
        if (Levels[input] == asserted)
        {
            return;
        }

        Levels[input] = asserted;
        World.Trace.Add(Number, "input", input, asserted ? 1 : 0);
        World.Oracle.InputChanged(this, input, asserted);
        if (!IsPowered)
        {
            return;
        }

        if (asserted)
        {
            _inputs.Edge(input);
        }

        Wake();
    }

    /// <summary>The converter reads something else on this channel from now on; no interrupt tells of it.</summary>
    public void SetMillivolts(int channel, int millivolts)
    {
        Disturb();
        Millivolts[channel] = millivolts;
        _isBatteryNew |= channel == BatteryGauge.Channel;
    }

    /// <summary>The core reads the converter. Zones are read with every poll; the battery now and then, and until it is, a board does not rest.</summary>
    internal void NoteRead(int channel) => _isBatteryNew &= channel != BatteryGauge.Channel;

    /// <summary>A line tells another state for so long: smoke comes and goes, a pen's gate opens, a wire breaks and is mended.</summary>
    public void SetLine(BoardLine line, string state, long forUs, Dice dice)
    {
        if (_lineStates[line.Channel] != BoardLine.Normal)
        {
            return;
        }

        ChangeLine(line, state, dice);
        World.Queue.In(forUs, this, LineEndsCode, Array.IndexOf(Zones.Lines, line));
    }

    private void ChangeLine(BoardLine line, string state, Dice dice)
    {
        _lineStates[line.Channel] = state;
        SetMillivolts(line.Channel, BoardLine.DrawMillivolts(state, dice));
        World.Trace.Add(Number, "line", line.Channel, Millivolts[line.Channel], state);
        World.Oracle.LineChanged(this, line, state);
    }

    /// <summary>The battery at its terminals.</summary>
    public void SetBatteryMv(int millivolts)
    {
        World.Oracle.BatteryChanges(this, Millivolts[BatteryGauge.Channel] * LoopThresholds.BatteryScalePermille / 1_000, millivolts);
        SetMillivolts(BatteryGauge.Channel, millivolts * 1_000 / LoopThresholds.BatteryScalePermille);
    }
}
