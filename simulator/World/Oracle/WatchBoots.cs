using Gateway.Firmware;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>How a board begins and ends: numbered, told with its reason, with a goodbye, and carefully after several boots that did not last.</content>
public sealed partial class Watcher
{
    /// <summary>After three boots that did not last five minutes the next one is careful (firmware/README.md).</summary>
    private const int ShortBootsMax = 3;
    private const long LongBootUs = 5 * VirtualTime.Minute;

    /// <summary>A commanded restart gives its goodbye a second to leave.</summary>
    private const long GoodbyeSaidUs = 5 * VirtualTime.Second;

    /// <summary>The core restarts itself, because the hub asked it to.</summary>
    internal void Restarts(SimulatedBoard board)
    {
        var ledger = Of(board);
        ledger.IsRestarting = true;
        CheckRestartAsked(board);
        Check("GW-27 goodbye");
        if (board is { LinkState: LinkState.Up, IsLinkFull: false } && ledger.IsBorn && world.Queue.NowUs - board.LinkChangedUs > GoodbyeSaidUs && world.Queue.NowUs - ledger.GoodbyeUs > GoodbyeSaidUs)
        {
            Fail("GW-27", board, "it restarts, and has not said so");
        }
    }

    /// <summary>[GW-13]: each boot has a number above all before; a flash that refuses the state file may take one back.</summary>
    private void CheckBoot(SimulatedBoard board, BoardLedger ledger, AppStatus status, uint boot)
    {
        ledger.TriesInVain = 0;
        var damages = ledger.DamagesAtBoots;
        ledger.DamagesAtBoots = (damages.Last, board.Flash.Damages);
        var wasOrderly = ledger.IsRestarting;
        ledger.IsRestarting = false;
        var isSound = ledger.Boots.TryGetValue(board.Incarnation - 1, out var former) && board.Flash.Flips == 0 && board.Flash.Damages == damages.Before;
        ledger.ShortBoots = isSound && !wasOrderly && board.StartedUs - ledger.FormerStartUs < LongBootUs ? ledger.ShortBoots + 1 : 0;
        ledger.FormerStartUs = board.StartedUs;
        Sees(board, "restart", 0, "normal", StartingUs, isLife: false, isSure: true);
        if (!isSound)
        {
            return;
        }

        Check("GW-13 boot");
        if (boot <= former.First)
        {
            Fail("GW-13", board, $"this boot is number {status.Boot}, and the one before was {former.First}");
        }
        else if (wasOrderly != (status.RestartReason == "orderly") && (wasOrderly || world.Queue.NowUs - ledger.RestartAskedUs > CommandLateUs))
        {
            Fail("GW-13", board, $"it restarts {(wasOrderly ? "" : "not ")}because it was asked to, and calls it \"{status.RestartReason}\"");
        }
        else if (ledger.ShortBoots >= ShortBootsMax && !status.SafeMode)
        {
            Fail("GW-13", board, $"the last {ledger.ShortBoots} boots did not last, and this one is not careful");
        }
    }

    /// <summary>A boot that lasts is an ordinary one.</summary>
    private void CheckCareful(SimulatedBoard board, AppStatus status)
    {
        if (status.SafeMode)
        {
            Of(board).CarefulUs = world.Queue.NowUs;
            Check("safe mode ends");
            if (world.Queue.NowUs - Math.Max(board.StartedUs, Math.Max(board.StalledUs, board.Flash.SlowUs)) > LongBootUs + MainsUs && board.LocalMs > LongBootUs / VirtualTime.Ms)
            {
                Fail("end at rest", board, "its boot lasts for more than five minutes, and it is still in safe mode");
            }
        }
    }

    /// <summary>[GW-21]: a call that was taken back or reset takes no further presses. The numbers of its lane tell the order.</summary>
    private void CheckNotAfterEnd(SimulatedBoard board, BoardLedger ledger, SignalMessage signal)
    {
        if (signal.Lane != Lane.Call || signal.Call == 0)
        {
            return;
        }

        var key = (signal.Epoch, signal.Call);
        if (signal.Kind is "cancel" or "reset")
        {
            ledger.Ended[key] = Math.Min(signal.Seq, ledger.Ended.GetValueOrDefault(key, uint.MaxValue));
            return;
        }

        if (signal.Kind is "help" or "silent")
        {
            ledger.NewestOf[key] = Math.Max(signal.Seq, ledger.NewestOf.GetValueOrDefault(key));
        }

        Check("GW-21 ended");
        if (ledger.Ended.TryGetValue(key, out var end) && ledger.NewestOf.GetValueOrDefault(key) > end && signal.Kind is "help" or "silent")
        {
            if (ledger.MayForgive(board.Flash.Flips))
            {
                // The record that a flipped bit hit may be the one that ended the call, sent before: its board finds it latched at a boot, and it goes on.
                ledger.Ended.Remove(key);
                return;
            }

            Fail("GW-21", board, $"call {signal.Call} ended with {end}, and {signal.Seq} is a further press on it");
        }
    }

    /// <summary>Nobody takes a call back but by the key, and in its time.</summary>
    private void CheckCancelIsDue(SimulatedBoard board, BoardLedger ledger, SignalMessage signal)
    {
        if (signal.Kind != "cancel" || signal.Lane != Lane.Call || signal.Call == 0)
        {
            return;
        }

        Check("GW-22 cancel");
        if (!ledger.CancelKeys.Exists(key => IsOfBoot(ledger, key.Incarnation, signal)
            && signal.Time.UpMs >= key.LocalMs - 100 && signal.Time.UpMs <= key.LocalMs + (DecideUs / VirtualTime.Ms)))
        {
            Fail("GW-22", board, $"call {signal.Call} was taken back at {signal.Time.UpMs} ms of boot {signal.Time.Boot}, and nobody touched the key");
            return;
        }

        var press = ledger.Presses.FindLast(press => press.Openings.Exists(opened => opened.Epoch == signal.Epoch && opened.Seq == signal.Call));
        var windowMs = (30 * VirtualTime.Second / VirtualTime.Ms) + (DecideUs / VirtualTime.Ms);
        if (press is not null && !ledger.WasConfigured && signal.Time.UpMs - press.LocalMs > windowMs && ledger.Boots[press.Incarnation].Last >= ledger.BootOf(signal))
        {
            Fail("GW-22", board, $"call {signal.Call} was taken back {(signal.Time.UpMs - press.LocalMs) / 1_000} s after it was made");
        }
    }

    private void NoteReset(SimulatedBoard board, BoardLedger ledger, ReadOnlySpan<byte> payload)
    {
        if (TextOf(payload, "command") != "resetLatch")
        {
            return;
        }

        // The reset of an open call is written down where the calls are: a flash that refuses that makes a fault that nobody need hide.
        var call = (uint)NumberOf(payload, "seq");
        ledger.LifeUs = board.App!.Journal.Help.Call == call ? world.Queue.NowUs : ledger.LifeUs;
        if (TextOf(payload, "lane") == "volatile")
        {
            if (IsLatched(board, call, EpochOf(payload)))
            {
                ledger.ResetsDue[TextOf(payload, "id")] = (call, EpochOf(payload), null, 0, world.Queue.NowUs);
            }
        }
        else if (EpochOf(payload) == board.App.Journal.Calls.Epoch && IsLatched(board, call, 0))
        {
            // What its button shows of a silent call says nothing of the presses on it.
            int? count = ledger.Latched && ledger.LatchedCall == call && ledger.LatchedEpoch == board.App.Journal.Calls.Epoch ? ledger.LatchedCount : null;
            ledger.ResetsDue[TextOf(payload, "id")] = (call, 0, count, board.App.Journal.Calls.Acknowledged, world.Queue.NowUs);
        }
    }

    /// <summary>A call of the journal's lane has no epoch of RAM; one in RAM may have the same number.</summary>
    private static bool IsLatched(SimulatedBoard board, uint call, uint volatileEpoch) =>
        (board.App!.Journal.Help is var help && help.Call == call && help.VolatileEpoch == volatileEpoch)
        || (board.App.Journal.Silent is var silent && silent.Call == call && silent.VolatileEpoch == volatileEpoch);

    /// <summary>The hub says to who is connected which run it is.</summary>
    internal void RunTold(SimulatedBoard board) => Of(board).RunToldUs = world.Queue.NowUs;

    /// <summary>[GW-29]: a hub that begins anew in the same connection hears who is there.</summary>
    private void CheckReborn(SimulatedBoard board, BoardLedger ledger)
    {
        var now = world.Queue.NowUs;
        if (ledger.RunToldUs == long.MaxValue || ledger.NewestBirthUs > ledger.RunToldUs || board.LinkState != LinkState.Up || board.LinkChangedUs > ledger.RunToldUs || board.HasJustDropped || !IsCalm(board))
        {
            ledger.RunToldUs = ledger.NewestBirthUs > ledger.RunToldUs || board.LinkState != LinkState.Up || board.LinkChangedUs > ledger.RunToldUs ? long.MaxValue : ledger.RunToldUs;
            return;
        }

        // One that the new run has heard of, by a birth that was on its way, is known there.
        var isKnown = world.Hub.Snapshot?.Gateways[board.Device].Link == Gateway.Hub.Fleet.LinkState.Up;
        Check("GW-29 reborn");
        if (isKnown)
        {
            ledger.RunToldUs = long.MaxValue;
        }
        else if (now - ledger.RunToldUs > CalmUs + AgainUs)
        {
            Fail("GW-29", board, $"the hub began anew {(now - ledger.RunToldUs) / VirtualTime.Second} s ago, and the board has not given birth since");
        }
    }

    /// <summary>[GW-40]: each has one answer; section 10: and each birth a report of the settings.</summary>
    private void CheckAnswered(SimulatedBoard board, BoardLedger ledger)
    {
        var now = world.Queue.NowUs;
        CheckReborn(board, ledger);
        var sinceUs = Math.Max(Math.Max(board.LinkChangedUs, ledger.NewestBirthUs), Math.Max(board.StalledUs, board.Flash.RefusedUs));
        while (ledger.Asked.TryPeek(out var asked) && now - asked.AtUs > AgainUs)
        {
            ledger.Asked.Dequeue();
            Check("GW-40 answered");
            if (asked.Incarnation == board.Incarnation && board.LinkState == LinkState.Up && sinceUs < asked.AtUs && !(ledger.AnswersIn == board.Incarnation && ledger.Answers.ContainsKey(asked.Id)))
            {
                Fail("GW-40", board, $"command {asked.Id} came {(now - asked.AtUs) / VirtualTime.Second} s ago, and is not answered");
            }
        }

        if (ledger.ReportedUs < ledger.NewestBirthUs && board.LinkState == LinkState.Up && ledger.IsBorn && now - sinceUs > AgainUs)
        {
            Fail("GW-43", board, $"its settings are not reported {(now - ledger.NewestBirthUs) / VirtualTime.Second} s after its birth");
        }
    }
}
