using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What contacts tell: doors, also such as are disarmed at some hours (PROTOCOL.md, section 10), keys of a patrol, whatever else closes and opens.</content>
public sealed partial class Watcher
{
    /// <summary>What was told of a door before its hours began is shut by then, and that is told.</summary>
    private const long ShutBeforeUs = 5 * VirtualTime.Second;

    /// <summary>From the end of a door's hours until what is still open is told, and written down.</summary>
    private const int TellsAgainMin = 3;

    private void ContactChanged(SimulatedBoard board, BoardContact contact, bool isAlarm)
    {
        var ledger = Of(board);
        if (contact.Kind == BoardContact.Patrol)
        {
            // A turn of the key is one fact; that it is turned back is none.
            if (isAlarm)
            {
                NoteChange(board, contact.Kind, contact.Zone, BoardLine.Normal, isLife: false);
            }
            else
            {
                ledger.TurnsBack.Add((contact.Zone, board.Incarnation, board.LocalMsAt(world.Queue.NowUs)));
            }

            return;
        }

        var isArmed = board.IsArmed(contact);
        if (contact.HasSchedule && board.HasNoTime && isAlarm)
        {
            Check("armed without a clock");
        }

        if (contact is { Kind: BoardContact.Door, IsLife: false })
        {
            NoteOpening(board, ledger, contact.Zone, isAlarm, isArmed == true);
        }

        var former = ledger.Seen.FindLast(seen => seen.Kind == contact.Kind && seen.Zone == contact.Zone);
        NoteChange(board, contact.Kind, contact.Zone, isAlarm ? BoardLine.Alarm : BoardLine.Normal, contact.IsLife);
        ledger.LifeUs = contact.IsLife ? world.Queue.NowUs : ledger.LifeUs;
        if (contact.HasSchedule && isAlarm)
        {
            NoteOpenedInHours(board, contact, ledger.Seen[^1], former, isArmed);
        }
        else if (contact.HasSchedule)
        {
            NoteShutInHours(board, contact, ledger.Seen[^1], former, isArmed);
        }
    }

    private void NoteOpenedInHours(SimulatedBoard board, BoardContact contact, Seen seen, Seen? former, bool? isArmed)
    {
        if (isArmed == false && (former is null || seen.AtUs - former.AtUs > ShutBeforeUs))
        {
            seen.ArmsUs = seen.AtUs + (contact.UntilArmedMin(board.LocalMinute(0) % 1_440) * VirtualTime.Minute);
        }

        seen.IsOwedLater = isArmed == false && !seen.IsExcused;
        seen.IsExcused |= isArmed != true;
        seen.MayBeUntold = isArmed != true;
    }

    /// <summary>
    /// What was not told when it was opened need not be told when it is shut, nor what a boot of before has told: this one found it open in its hours. But it was told
    /// when the door's hours were over, and it was open still.
    /// </summary>
    private static void NoteShutInHours(SimulatedBoard board, BoardContact contact, Seen seen, Seen? former, bool? isArmed)
    {
        seen.IsExcused |= former is null or { MayBeUntold: true } || former.Incarnation != board.Incarnation;
        var wasTold = isArmed == true && contact.IsArmedAt(board.LocalMinute(-TellsAgainMin) % 1_440);
        if (former is { IsOwedLater: true } && wasTold && former.Incarnation == board.Incarnation && former.AtUs > Math.Max(board.ClockSetUs, board.Flash.RefusedUs))
        {
            former.IsExcused = false;
        }
    }

    /// <summary>A door that was opened in its hours has told of it: only when those were over, and it was open still.</summary>
    private void CheckHours(SimulatedBoard board, BoardLedger ledger, Seen seen)
    {
        if (seen.ArmsUs == 0 || seen.Incarnation != board.Incarnation || !board.KnowsTime || board.ClockSetUs > seen.AtUs)
        {
            return;
        }

        Check("disarmed");
        var shut = ledger.Seen.Find(other => other.Kind == seen.Kind && other.Zone == seen.Zone && other.AtUs > seen.AtUs);
        if (Math.Min(shut?.AtUs ?? long.MaxValue, world.Queue.NowUs) < seen.ArmsUs - VirtualTime.Minute)
        {
            Fail("disarmed", board, $"{seen.Kind} {seen.Zone} was opened at {VirtualTime.Text(seen.AtUs)}, when its alarms are not sent until {VirtualTime.Text(seen.ArmsUs)}, and the hub was told");
        }
    }

    /// <summary>Its clock is set wrong, or it has one now: what has just happened at a door with hours may be told or not.</summary>
    internal void ClockJumps(SimulatedBoard board)
    {
        foreach (var seen in Of(board).Seen.Where(seen => world.Queue.NowUs - seen.AtUs < SeenUs && board.Zones.ContactOf(seen.Zone) is { HasSchedule: true }))
        {
            (seen.IsExcused, seen.MayBeUntold) = (true, true);
        }

        foreach (var opening in Of(board).Openings.Where(opening => world.Queue.NowUs - opening.AtUs < SeenUs && board.Zones.ContactOf(opening.Zone) is { HasSchedule: true }))
        {
            opening.IsExcused = true;
        }
    }

    /// <summary>A key of a patrol was turned when it says so, and not back.</summary>
    private void CheckTurn(SimulatedBoard board, BoardLedger ledger, Gateway.Hub.Ingest.SignalMessage signal)
    {
        if (signal.Kind != BoardContact.Patrol)
        {
            return;
        }

        Check("I5 turn");
        bool IsThen(int zone, int incarnation, long localMs) =>
            zone == signal.Zone && IsOfBoot(ledger, incarnation, signal) && signal.Time.UpMs - localMs is >= -100 and < SeenUs / VirtualTime.Ms;
        if (ledger.TurnsBack.Exists(back => IsThen(back.Zone, back.Incarnation, back.LocalMs))
            && !ledger.Seen.Exists(seen => seen.Kind == BoardContact.Patrol && IsThen(seen.Zone, seen.Incarnation, seen.LocalMs)))
        {
            Fail("I5", board, $"{signal.Lane} {signal.Seq} says that the key of zone {signal.Zone} was turned at {signal.Time.UpMs} ms of boot {signal.Time.Boot}, and it was turned back then");
        }
    }

    /// <summary>What life depends on travels with the calls, and nothing else does.</summary>
    private void CheckLaneOfZone(SimulatedBoard board, Gateway.Hub.Ingest.SignalMessage signal)
    {
        if (!board.Zones.Has(signal.Zone, signal.Kind))
        {
            return;
        }

        Check("I1 lane of a zone");
        if (board.Zones.IsLife(signal.Zone) == (signal.Lane == Gateway.Hub.Ingest.Lane.Event))
        {
            Fail("I1", board, $"{signal.Lane} {signal.Seq} is {signal.Kind} of zone {signal.Zone}, and what life depends on travels with the calls, and nothing else does");
        }
    }
}
