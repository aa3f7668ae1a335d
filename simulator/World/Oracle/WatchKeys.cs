using Gateway.Firmware;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;

namespace Gateway.World.Oracle;

/// <content>What a turn of the reset key answers ([GW-46]): a neighbour's call that this box sounds, and nothing that nobody heard.</content>
public sealed partial class Watcher
{
    /// <summary>Intervals of one board that are kept: an answer may wait for its way to the hub.</summary>
    private const int ShownMax = 200;

    /// <summary>At the end of a step: a call of its own is shown, or is not any more. While one is, a neighbour's call is silent (firmware/README.md).</summary>
    private static void NoteShown(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        var isOn = ledger.Shown.Count > 0 && ledger.Shown[^1] is { ToMs: long.MaxValue } last && last.Incarnation == board.Incarnation;
        if (isOn == (status.Stage != "idle"))
        {
            return;
        }

        if (isOn)
        {
            ledger.Shown[^1] = ledger.Shown[^1] with { ToMs = board.LocalMs };
            return;
        }

        if (ledger.Shown.Count == ShownMax)
        {
            ledger.Shown.RemoveAt(0);
        }

        ledger.Shown.Add((board.Incarnation, board.LocalMs, long.MaxValue));
    }

    /// <summary>What the hub makes a box sound that does not annunciate is a neighbour's call, which an own call hides.</summary>
    private void CheckKeyAnswers(SimulatedBoard board, BoardLedger ledger, SignalMessage signal)
    {
        // Two boots can have the same number where the flash refused it.
        if (signal.Kind != "acknowledge" || board.IsAnnunciator || ledger.Boots.Count(boot => IsOfBoot(ledger, boot.Key, signal)) != 1)
        {
            return;
        }

        Check("GW-46 key answers");
        if (ledger.Shown.Exists(shown => IsOfBoot(ledger, shown.Incarnation, signal) && signal.Time.UpMs > shown.FromMs && signal.Time.UpMs <= shown.ToMs))
        {
            Fail("GW-46", board, $"{signal.Lane} {signal.Seq} answers a neighbour's call at {signal.Time.UpMs} ms of boot {signal.Time.Boot}, and a call of this box was shown, so that nobody can have heard it");
        }
    }
}
