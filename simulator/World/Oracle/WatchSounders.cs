using Gateway.Firmware;
using Gateway.Firmware.Ports;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What a box sounds because the hub has asked for it: while it may, when it has said that it does, and no longer ([GW-46], PROTOCOL.md, section 9).</content>
public sealed partial class Watcher
{
    /// <summary>A command lives a minute, and the slowest line brings it in that; a stall at either end.</summary>
    private const long SoundLateUs = 80 * VirtualTime.Second;

    /// <summary>Commands of one board whose answer may still come.</summary>
    private const int SoundsAskedMax = 64;

    /// <summary>A command to sound, or to be silent, leaves the hub.</summary>
    private static void NoteMaySound(SimulatedBoard board, BoardLedger ledger, in Sound sound)
    {
        var untilUs = sound.LeftUs + SoundLateUs + (sound.Seconds * VirtualTime.Second);
        var leftUs = sound.LeftUs;
        ledger.MaySound.RemoveAll(known => known.UntilUs < leftUs);
        ledger.MaySound.Add((sound.Id, sound.Command == "siren" ? IndicatorId.Siren : IndicatorId.Buzzer, untilUs));
        ledger.SoundLeftUs = sound.LeftUs;
        if (ledger.SoundsAsked.Count == SoundsAskedMax)
        {
            ledger.SoundsAsked.Dequeue();
        }

        ledger.SoundsAsked.Enqueue((sound.Id, sound.Command, sound.Seconds, ++ledger.SoundsNumber));
    }

    /// <summary>The board answers a command.</summary>
    private void CheckSoundAnswer(SimulatedBoard board, BoardLedger ledger, string id, string answer)
    {
        var asked = ledger.SoundsAsked.FirstOrDefault(asked => asked.Id == id);
        if (asked.Id is null || answer == "expired " || (answer == "refused safe-mode" && board.App!.Status.SafeMode))
        {
            return;
        }

        Check("GW-46 sound answered");
        var mayRefuse = asked.Command switch { "annunciate" => !board.IsAnnunciator, "siren" => !board.HasSiren, _ => false };
        if (answer != (mayRefuse ? "refused not-configured" : "done "))
        {
            Fail("GW-40", board, $"it was asked for {asked.Command} of {asked.Seconds} s, and answers \"{answer.Trim()}\"");
            return;
        }

        // Answers that wait for the link come in no order: what was asked last holds.
        var isOld = ledger.Sounds.TryGetValue(asked.Command, out var known) && known.Incarnation == board.Incarnation && known.Asked > asked.Number;
        if (answer == "done " && !isOld)
        {
            ledger.Sounds[asked.Command] = (board.Incarnation, world.Queue.NowUs, world.Queue.NowUs + (asked.Seconds * VirtualTime.Second), asked.Number);
        }
    }

    /// <summary>The board says that a key has ended what it sounded: where no other word of the hub is on its way, nothing sounds any more ([GW-46]).</summary>
    private void NoteSilenced(SimulatedBoard board, BoardLedger ledger, ReadOnlySpan<byte> payload)
    {
        var now = world.Queue.NowUs;
        if (TextOf(payload, "kind") != "acknowledge" || now - ledger.SoundLeftUs < SoundLateUs || ledger.Boot != NumberOf(payload, "boot") || ledger.Incarnation != board.Incarnation)
        {
            return;
        }

        // Behind a call of its own a neighbour's was not heard, and goes on.
        var upMs = NumberOf(payload, "up");
        if (ledger.Shown.Exists(shown => shown.Incarnation == board.Incarnation && upMs > shown.FromMs && upMs <= shown.ToMs))
        {
            return;
        }

        Check("GW-46 silenced");
        ledger.Sounds.Remove("annunciate");
        ledger.Sounds.Remove("watchAlert");
        for (var i = 0; i < ledger.MaySound.Count; i++)
        {
            var sound = ledger.MaySound[i];
            ledger.MaySound[i] = sound with { UntilUs = sound.Lamp == IndicatorId.Buzzer ? Math.Min(sound.UntilUs, now + LampLateUs) : sound.UntilUs };
        }
    }

    /// <summary>At the end of a step: what it has said that it sounds can be heard, until a key is turned; and nothing else.</summary>
    private void CheckSounders(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        if (status.Stage != "idle")
        {
            return;
        }

        var now = world.Queue.NowUs;
        var isSoundDue = IsDueToSound(board, ledger, "annunciate") || IsDueToSound(board, ledger, "watchAlert");
        if (isSoundDue && !ledger.WasConfigured)
        {
            Check("GW-46 sounds");
            if (!board.Lamps[IndicatorId.Buzzer] && IsStill(board, ledger, IndicatorId.Buzzer, ledger.StageUs))
            {
                Fail("GW-46", board, "it has said that it sounds, and it does not");
            }
        }

        if (IsDueToSound(board, ledger, "siren") && !ledger.WasConfigured && !board.Lamps[IndicatorId.Siren] && IsStill(board, ledger, IndicatorId.Siren, ledger.StageUs))
        {
            Fail("GW-46", board, "it has said that its siren sounds, and it does not");
        }

        for (var lamp = IndicatorId.Buzzer; lamp <= IndicatorId.Siren; lamp++)
        {
            if (board.Lamps[lamp] && ledger.MaySoundUntilUs(lamp) is var untilUs && now > untilUs && IsStill(board, ledger, lamp, Math.Max(ledger.StageUs, untilUs)))
            {
                Fail("GW-46", board, $"sounder {lamp} goes on, nobody has called here, and what it was asked for is over");
            }
        }
    }

    /// <summary>It has said so, in this boot, some seconds ago, it is not over, and no key has ended it; one that was turned behind a call of its own has not.</summary>
    private bool IsDueToSound(SimulatedBoard board, BoardLedger ledger, string command)
    {
        var now = world.Queue.NowUs;
        return ledger.Sounds.TryGetValue(command, out var sound) && sound.Incarnation == board.Incarnation && (command == "siren" || ledger.KeyUs < sound.FromUs - KeySeenUs)
            && now - Math.Max(sound.FromUs, ledger.StageUs) > LampLateUs && now < sound.UntilUs - LampLateUs && now - ledger.TestShownUs > LampLateUs;
    }
}
