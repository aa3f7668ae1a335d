using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>A command has its time ([GW-40]): taken behind it, by the board's own clock, it is answered as expired and has done nothing; before it, it is not.</content>
public sealed partial class Watcher
{
    /// <summary>The answers of the last sixteen commands are kept; some of those places may be held by older ones whose answer is still to leave.</summary>
    private const int KeptAnswers = 10;

    /// <summary>So near to its end nobody can tell in which of its milliseconds the core has looked.</summary>
    private const long CommandEdgeMs = 1_000;

    /// <summary>The core takes a command that the hub gave it.</summary>
    internal void TakesCommand(SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        var ledger = Of(board);
        if (TextOf(payload, "session") == ledger.NewestSession)
        {
            ledger.CommandTakenUs = world.Queue.NowUs;
            ledger.Asked.Enqueue((TextOf(payload, "id"), world.Queue.NowUs, board.Incarnation));
            NoteReset(board, ledger, payload);
            JudgeTime(board, ledger, payload);
        }

        if (TextOf(payload, "command") == "resetLatch")
        {
            ExcuseRefused(board, ledger, silent: true);
        }

        NoteKept(ledger, TextOf(payload, "id"));
    }

    /// <summary>One that it does not keep any more is judged anew when it comes again.</summary>
    private static void NoteKept(BoardLedger ledger, string id)
    {
        if (ledger.CommandsKept.Contains(id))
        {
            return;
        }

        ledger.Answers.Remove(id);
        ledger.CommandsKept.Add(id);
        if (ledger.CommandsKept.Count > KeptAnswers)
        {
            ledger.CommandsKept.RemoveAt(0);
        }
    }

    private void JudgeTime(SimulatedBoard board, BoardLedger ledger, ReadOnlySpan<byte> payload)
    {
        if (ledger.CommandsIn != board.Incarnation)
        {
            ledger.CommandsIn = board.Incarnation;
            ledger.CommandsTaken.Clear();
            ledger.Expiries.Clear();
        }

        var (id, untilMs) = (TextOf(payload, "id"), NumberOf(payload, "untilUp"));

        // What it has done it answers as before; what left all as it was is judged anew.
        var isUndone = ledger.AnswersIn == board.Incarnation && ledger.Answers.GetValueOrDefault(id) is "expired " or "refused pressed-again" or "failed not-durable" && !ledger.Expiries.ContainsKey(id);
        var isLate = board.LocalMsAt(world.Queue.NowUs) > untilMs + CommandEdgeMs;
        var isInTime = board.LocalMs < untilMs - CommandEdgeMs;
        var isJudged = (ledger.CommandsTaken.Add(id) || isUndone) && (isLate || isInTime);
        ledger.Expiries[id] = isJudged ? isLate : null;
        if (isJudged && isLate)
        {
            ForgetCommand(ledger, id);
        }
        else if (TextOf(payload, "command") == "reboot")
        {
            ledger.RebootIn = board.Incarnation;
        }
    }

    /// <summary>It came too late: nothing of it may be seen.</summary>
    private static void ForgetCommand(BoardLedger ledger, string id)
    {
        ledger.Zones.Tests.RemoveAll(test => !test.IsSure && test.Id == id);
        ledger.TestsAsked.RemoveAll(asked => asked.Id == id);
        ledger.MaySound.RemoveAll(sound => sound.Id == id);
    }

    private void CheckExpiry(SimulatedBoard board, BoardLedger ledger, string id, string answer)
    {
        if (!ledger.Expiries.Remove(id, out var expiry) || expiry is not { } isLate)
        {
            return;
        }

        Check(isLate ? "GW-40 expired" : "GW-40 in time");
        if (isLate != (answer == "expired "))
        {
            Fail("GW-40", board, $"command {id} was taken {(isLate ? "behind" : "in")} its time, and is answered \"{answer.Trim()}\"");
        }
    }

    /// <summary>The core restarts itself: only because it was asked to, in time.</summary>
    private void CheckRestartAsked(SimulatedBoard board)
    {
        Check("GW-40 restart");
        if (Of(board).RebootIn != board.Incarnation)
        {
            Fail("GW-40", board, "it restarts itself, and has taken no command to do so in its time");
        }
    }
}
