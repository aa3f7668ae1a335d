using Gateway.Firmware;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Inputs;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Boards;

/// <content>The board's main loop on virtual time: the core runs, stands still in flash, and runs again.</content>
public sealed partial class SimulatedBoard
{
    // As the board's main loop has them (firmware/Esp32/MainLoop.cs).
    private const int WaitMsMax = 1_000;
    private const int WaitAfterFaultMs = 100;

    private const long PollUs = GatewayApp.IdlePollMs * VirtualTime.Ms;

    /// <summary>Polls left out in a row at most: a minute. The battery is read far more often.</summary>
    private const long LeftOutMax = 1_200;

    private const int StepCode = 0;
    private const int StartCode = 1;
    private const int SntpCode = 2;
    private const int ReleaseCode = 3;
    private const int LineEndsCode = 4;
    private const int AssertCode = 5;

    /// <summary>The step behind which polls are left out; negative when none are.</summary>
    private long _restsSinceUs = -1;

    /// <summary>Something woke the core since its last step.</summary>
    private bool _isWoken;

    /// <summary>When something last happened at the board, an input among it.</summary>
    private long _disturbedUs = long.MinValue / 2;

    void IActor.Happen(int code, long argument)
    {
        if (code is ReleaseCode or AssertCode)
        {
            Change((int)argument, code == AssertCode);
            return;
        }

        if (code == LineEndsCode)
        {
            ChangeLine(Zones.Lines[argument], BoardLine.Normal, _lineDice);
            return;
        }

        if (argument != _generation || !IsPowered)
        {
            return;
        }

        switch (code)
        {
            case StepCode when World.Queue.NowUs == _nextStepUs:
                EndRest();
                _nextStepUs = long.MaxValue;
                if (World.Queue.NowUs < _busyUntilUs)
                {
                    StepAt(_busyUntilUs);
                }
                else
                {
                    Run();
                }

                break;
            case StartCode:
                Start();
                break;
            case SntpCode:
                Synchronize();
                break;
        }
    }

    private void Start()
    {
        StartedUs = World.Queue.NowUs;
        World.Queue.In(SntpDelayUs + _dice.Between(VirtualTime.Second, 20 * VirtualTime.Second), this, SntpCode, _generation);
        SntpDelayUs = 0;
        Flash.Board = this;
        try
        {
            var wrappers = World.Wrappers;
            var flash = wrappers.Flash?.Invoke(Flash) ?? Flash;
            var configuration = new ConfigurationDesk(flash);
            if (configuration.Error is { } error)
            {
                World.Oracle.Fail("startup", this, "the provisioning file was refused: " + error);
                return;
            }

            _settings = configuration.Settings;
            var indicators = new BoardIndicators(this);
            var random = new BoardRandom(this, _dice);
            App = new GatewayApp(
                configuration, new BoardClock(this), _wall, flash, wrappers.Inputs?.Invoke(_inputs) ?? _inputs, _analog,
                wrappers.Indicators?.Invoke(indicators) ?? indicators, wrappers.Link?.Invoke(_link!) ?? _link, wrappers.Random?.Invoke(random) ?? random,
                new BoardReboot(this), _log);
        }
        catch (PowerLostException)
        {
            // The power failed during recovery: the next boot begins with what flash holds.
            App = null;
            return;
        }

        World.Oracle.Started(this);
        SpendLag();
        StepAt(_busyUntilUs);
    }

    private void Run()
    {
        var app = App!;
        Steps++;
        var waitMs = (long)WaitAfterFaultMs;
        var startMs = LocalMs;
        var effects = Effects + Flash.Operations;
        var wasWoken = _isWoken;
        _isWoken = false;
        try
        {
            var nextMs = app.Step(startMs);
            waitMs = Math.Min(nextMs - LocalMs, WaitMsMax);
        }
        catch (PowerLostException)
        {
            // Noted when the power failed; there is nothing left that could act.
            waitMs = -1;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            World.Oracle.StepThrew(this, e);
        }

        if (!IsPowered)
        {
            return;
        }

        // Zones are sampled so often at most: a step that soon behind a change may not have seen it, and the next one must.
        var hasSeenAll = World.Queue.NowUs - _disturbedUs >= ZonePanel.PeriodMs * VirtualTime.Ms;
        var didNothing = hasSeenAll && !wasWoken && waitMs == GatewayApp.IdlePollMs && LagUs == 0 && effects == Effects + Flash.Operations;
        SpendLag();
        World.Oracle.Stepped(this);
        if (!didNothing || _isBatteryNew || !World.Options.LeavesOutPolls || !World.Oracle.MayMiss(this) || !TryRest(app))
        {
            StepAt(Math.Max(_busyUntilUs, World.Queue.NowUs) + (Math.Max(0, waitMs) * VirtualTime.Ms));
        }
    }

    /// <summary>
    /// The core has just polled, did nothing, and says until when it would go on to do nothing: the next step is the first that may do something, a poll, or before
    /// that one when the core wants it. False when that is the very next one.
    /// </summary>
    private bool TryRest(GatewayApp app)
    {
        var nowUs = World.Queue.NowUs;
        var untilMs = app.RestsUntil(LocalMs);
        var polls = Math.Min((untilMs - LocalMs) / GatewayApp.IdlePollMs, LeftOutMax);
        while (polls < LeftOutMax && LocalMsAt(nowUs + (polls * PollUs)) < untilMs)
        {
            polls++;
        }

        if (polls <= 1)
        {
            return false;
        }

        // What the last of the polls that are left out would have asked for.
        var lastUs = nowUs + ((polls - 1) * PollUs);
        var waitMs = Math.Clamp(app.WantsMs - LocalMsAt(lastUs), 0, GatewayApp.IdlePollMs);
        _restsSinceUs = nowUs;
        StepAt(lastUs + (waitMs * VirtualTime.Ms));
        return true;
    }

    /// <summary>Something happens at the board now, and the core may see it only when it next looks at everything.</summary>
    private void Disturb()
    {
        _disturbedUs = World.Queue.NowUs;
        EndRest();
    }

    /// <summary>The polls before now count as done, and the next one is due when it would be.</summary>
    private void EndRest()
    {
        if (_restsSinceUs < 0)
        {
            return;
        }

        var polls = (World.Queue.NowUs - _restsSinceUs - 1) / PollUs;
        if (polls > 0)
        {
            App!.Rested(LocalMsAt(_restsSinceUs + (polls * PollUs)));
            StepsLeftOut += polls;
        }

        var nextUs = _restsSinceUs + ((polls + 1) * PollUs);
        _restsSinceUs = -1;
        if (nextUs < _nextStepUs)
        {
            StepAt(nextUs);
        }
    }

    private void SpendLag()
    {
        _busyUntilUs = World.Queue.NowUs + LagUs;
        WroteUntilUs = LagUs > 0 ? _busyUntilUs : WroteUntilUs;
        LagUs = 0;
    }

    private void StepAt(long us)
    {
        if (us >= _nextStepUs)
        {
            return;
        }

        _nextStepUs = us;
        World.Queue.AtEndOf(us, Number, this, StepCode, _generation);
    }

    private void Synchronize()
    {
        if (Path.State != PathState.Open)
        {
            World.Queue.In(VirtualTime.Minute, this, SntpCode, _generation);
            return;
        }

        if (HasNoTime)
        {
            World.Oracle.ClockJumps(this);
        }

        // A usual error of SNTP over a rural link.
        _wall.ErrorMs = _dice.Between(-60, 60);
        _wall.IsSynchronized = true;
        ClockSetUs = World.Queue.NowUs;
        World.Trace.Add(Number, "clock set");
    }
}
