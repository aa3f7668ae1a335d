using Gateway.Firmware;
using Gateway.Firmware.Ports;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>The form of what a board says: who it is, in which order, how many at once, how its heart beats, and how often it knocks.</content>
public sealed partial class Watcher
{
    /// <summary>[GW-15].</summary>
    private const int UnreceiptedMax = 16;

    /// <summary>[GW-31]: every 5 s, 30 s on a metered line; and the stalls of a core.</summary>
    private const long BeatUs = 5 * VirtualTime.Second;
    private const long BeatMeteredUs = 30 * VirtualTime.Second;
    private const long BeatLateUs = 3 * VirtualTime.Second;

    /// <summary>The gauge takes the mean of eight readings, two seconds apart.</summary>
    private const long BatteryUs = 20 * VirtualTime.Second;

    /// <summary>After so many tries in vain the pause is 15 to 30 s ([GW-3]).</summary>
    private const int TriesInVain = 6;
    private const long LongPauseUs = 14 * VirtualTime.Second;

    /// <summary>[GW-2]: the first word on a connection is the birth.</summary>
    private void CheckBornFirst(SimulatedBoard board, ApplicationMessage message)
    {
        if (Of(board).IsBorn)
        {
            return;
        }

        Check("GW-2 born first");
        if (!message.Topic.EndsWith("/status", StringComparison.Ordinal) || !message.Retain || message.Qos != 1)
        {
            Fail("GW-2", board, $"its first word on a connection goes to {message.Topic}");
        }

        Of(board).IsBorn = true;
    }

    /// <summary>[GW-29], section 5: a birth has a new session, and says what is so.</summary>
    private void CheckBirth(SimulatedBoard board, BoardLedger ledger, BirthMessage birth)
    {
        Check("GW-2 birth");
        var journal = board.App!.Journal;
        foreach (var lane in ledger.InFlight)
        {
            lane.Clear();
        }

        if (birth.Config < ledger.AppliedVersion && board.Flash.Flips == 0)
        {
            Fail("GW-43", board, $"its birth is under settings {birth.Config}, and {ledger.AppliedVersion} were applied");
        }
        else if (ledger.Births.Exists(known => known.Session == birth.Session))
        {
            Fail("GW-12", board, $"session {birth.Session:x16} was that of an earlier birth");
        }
        else if (birth.Call.Next != journal.Calls.Next || birth.Event.Next != journal.Events.Next || birth.HeartbeatS != (board.IsMetered ? 30 : 5)
            || Math.Abs(birth.Time.UpMs - board.LocalMs) > 5_000 || birth.Time.Boot != journal.Boot)
        {
            Fail("GW-19", board, $"its birth says {birth}");
        }
        else if (ledger.Births.Count > 0 && ledger.Births[^1] is { } former && ledger.BootOf(former.Call.Epoch, former.Time.Boot) < ledger.Boots[board.Incarnation].First && former.VolatileEpoch == birth.VolatileEpoch)
        {
            Fail("GW-20", board, "its volatile lane has the epoch of an earlier boot");
        }
        else if (ledger.Births.Count > 0 && ledger.Births[^1] is { } old && board.Flash.Flips == 0
            && ((old.Call.Epoch != birth.Call.Epoch && old.Call.Next > 1) || (old.Event.Epoch != birth.Event.Epoch && old.Event.Next > 1)))
        {
            Fail("GW-23", board, "its journal begins anew, and nothing has happened to its flash");
        }
    }

    /// <summary>[GW-15]: in ascending order from the last receipt on, and no more at once than a hub must take.</summary>
    private void CheckOrder(SimulatedBoard board, BoardLedger ledger, ReadOnlySpan<byte> payload)
    {
        var lane = LaneNames.Parse(TextOf(payload, "lane"));
        if (lane == Lane.Volatile)
        {
            return;
        }

        Check("GW-15 order");
        CheckCallsFirst(board, ledger, lane);
        var last = (uint)NumberOf(payload, "seq");
        var first = TextOf(payload, "kind") == "gap" ? (uint)NumberOf(payload, "first") : last;
        var journal = board.App!.Journal;
        var acknowledged = (lane == Lane.Call ? journal.Calls : journal.Events).Acknowledged;
        var inFlight = ledger.InFlight[(int)lane];
        var isNext = inFlight.Count > 0 && first == inFlight[^1] + 1;
        inFlight.RemoveAll(seq => seq <= acknowledged);
        if (first == acknowledged + 1)
        {
            inFlight.Clear();
        }
        else if (!isNext)
        {
            Fail("GW-15", board, $"{lane} {first} is sent, and {acknowledged} was the last that has a receipt");
        }

        inFlight.Add(last);
        if (inFlight.Count > UnreceiptedMax)
        {
            Fail("GW-15", board, $"{inFlight.Count} messages of its lane {lane} are in flight");
        }
    }

    /// <summary>No call waits behind what is none. A number that a refused write has used waits until the flash knows it.</summary>
    private void CheckCallsFirst(SimulatedBoard board, BoardLedger ledger, Lane lane)
    {
        var calls = board.App!.Journal.Calls;
        var inFlight = ledger.InFlight[(int)Lane.Call];
        var sent = Math.Max(calls.Acknowledged, inFlight.Count == 0 ? 0 : inFlight[^1]);
        if (lane == Lane.Event && sent + 1 < calls.Next && inFlight.Count < UnreceiptedMax && board.Flash is { Flips: 0 } && board.Flash.Damages == ledger.DamagesAtBoots.Last
            && world.Queue.NowUs - board.Flash.RefusedUs > SettlesUs)
        {
            Fail("GW-15", board, $"an event is sent, and call {sent + 1} waits behind it");
        }
    }

    /// <summary>Its core takes what somebody without the key, or with an old message, has put before it.</summary>
    internal void TakesForgery(SimulatedBoard board) => Of(board).ForgeriesTaken++;

    /// <summary>It takes a receipt that is signed, and not for it, or not in order.</summary>
    internal void TakesSpoilt(SimulatedBoard board, int refusal) => Of(board).Spoilt = (refusal, RefusedAs(board, refusal));

    /// <summary>By that name; or because it is of a session that is over, or came behind a later one, which is seen first.</summary>
    private static int RefusedAs(SimulatedBoard board, int refusal) =>
        board.App!.Refused(refusal) + board.App.Refused(Gateway.Firmware.Delivery.Refusal.StaleSession) + board.App.Refused(Gateway.Firmware.Delivery.Refusal.Replayed);

    /// <summary>Section 12: each of them is refused, and counted.</summary>
    private void CheckForgeries(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        var refused = status.Refused - (ledger.RefusedIn == board.Incarnation ? ledger.RefusedBefore : 0);
        ledger.RefusedIn = board.Incarnation;
        ledger.RefusedBefore = status.Refused;
        if (ledger.ForgeriesTaken == 0)
        {
            return;
        }

        Check("I5 forgery refused at the board");
        if (refused < ledger.ForgeriesTaken)
        {
            Fail("I5", board, $"it took {ledger.ForgeriesTaken} messages that were forged or old, and refused {refused}");
        }

        ledger.ForgeriesTaken = 0;
        if (ledger.Spoilt is var (refusal, before))
        {
            Check("section 12 by name");
            ledger.Spoilt = null;
            if (RefusedAs(board, refusal) <= before)
            {
                Fail("I5", board, $"it took a receipt that was spoilt, and has not refused it as \"{Gateway.Firmware.Delivery.Refusal.Name(refusal)}\"");
            }
        }
    }

    /// <summary>[GW-31]: a heartbeat, and what it says.</summary>
    private void Beats(SimulatedBoard board, BoardLedger ledger, ReadOnlySpan<byte> payload)
    {
        Check("GW-31 beat");
        var now = world.Queue.NowUs;
        var (session, n) = (TextOf(payload, "session"), NumberOf(payload, "n"));
        var former = ledger.Beat;
        ledger.Beat = (session, n, now);
        var isFirst = former.Session != session;
        if (n != (isFirst ? 1 : former.N + 1) || (ledger.Births.Count > 0 && session != ledger.NewestSession))
        {
            Fail("GW-31", board, $"its heartbeat {n} of session {session} follows {former.N} of {former.Session}");
        }
        else if (!isFirst && now - former.AtUs < (board.IsMetered ? BeatMeteredUs : BeatUs) - VirtualTime.Second)
        {
            Fail("GW-31", board, $"its heart beats after {(now - former.AtUs) / VirtualTime.Ms} ms");
        }

        var journal = board.App!.Journal;
        ledger.SaidInRam = NumberOf(payload, "callBacklog") - journal.Calls.Backlog;
        if (NumberOf(payload, "boot") != journal.Boot || Math.Abs(NumberOf(payload, "up") - board.LocalMs) > 5_000
            || NumberOf(payload, "callBacklog") < journal.Calls.Backlog || NumberOf(payload, "eventBacklog") != journal.Events.Backlog)
        {
            Fail("GW-31", board, $"its heartbeat {n} says what is not so");
        }
        else if (NumberOf(payload, "eventOldestS") > OldestMaxS(ledger.Oldest[1]) || (ledger.VolatileBacklog == 0 && NumberOf(payload, "callOldestS") > OldestMaxS(ledger.Oldest[0])))
        {
            Fail("GW-31", board, $"its heartbeat {n} says that the oldest waits for {NumberOf(payload, "callOldestS")} s (calls) and {NumberOf(payload, "eventOldestS")} s (events), and that is the oldest only since {OldestMaxS(ledger.Oldest[0])} s and {OldestMaxS(ledger.Oldest[1])} s at most");
        }
        else if (now - Math.Max(ledger.MainsChangedUs, board.StartedUs) > BatteryUs && now - Math.Max(board.StalledUs, board.Flash.SlowUs) > BatteryUs
            && After(payload, "mains")[0] == (byte)'t' != board.Levels[InputId.MainsPresent])
        {
            Fail("GW-31", board, $"its heartbeat says the contrary of its mains");
        }
    }

    private long OldestMaxS((uint Acknowledged, long SinceUs) oldest) => ((world.Queue.NowUs - oldest.SinceUs) / VirtualTime.Second) + 3;

    /// <summary>At the end of a step: what a heartbeat of it has said, and what the next may say.</summary>
    private void CheckBacklogSaid(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        if (ledger.SaidInRam is { } said && said != ledger.InRamBefore && said != status.VolatileBacklog)
        {
            Fail("GW-31", board, $"its heartbeat says that {said} calls wait in RAM, and {status.VolatileBacklog} do");
        }

        (ledger.SaidInRam, ledger.InRamBefore) = (null, status.VolatileBacklog);
        NoteOldest(ref ledger.Oldest[0], board.App!.Journal.Calls.Acknowledged, status.CallBacklog > 0);
        NoteOldest(ref ledger.Oldest[1], board.App.Journal.Events.Acknowledged, status.EventBacklog > 0);
    }

    private void NoteOldest(ref (uint Acknowledged, long SinceUs) oldest, uint acknowledged, bool waits) =>
        oldest = waits && oldest.Acknowledged == acknowledged ? oldest : (acknowledged, world.Queue.NowUs);

    /// <summary>[GW-31]: who is online beats.</summary>
    private void CheckBeats(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        var now = world.Queue.NowUs;
        CheckBacklogSaid(board, ledger, status);
        if (!status.Online || ledger.OnlineIn != board.Incarnation)
        {
            ledger.OnlineIn = board.Incarnation;
            ledger.OnlineUs = now;
            return;
        }

        Check("GW-31 beats");
        var silentUs = now - Math.Max(Math.Max(ledger.OnlineUs, ledger.Beat.AtUs), Math.Max(ledger.NewestBirthUs, board.StalledUs));
        if (silentUs > (board.IsMetered ? BeatMeteredUs : BeatUs) + BeatLateUs)
        {
            Fail("GW-31", board, $"it is online, and its heart has not beaten for {silentUs / VirtualTime.Second} s");
        }
    }

    /// <summary>[GW-3]: a thousand boards that cannot reach their hub do not hammer it. A call makes it hurry.</summary>
    private void CheckPause(SimulatedBoard board, BoardLedger ledger)
    {
        if (ledger.DownUs == long.MaxValue || ledger.WasUp || ledger.CallWaitsUs != long.MaxValue || board.App is not { Journal.Calls.Backlog: 0 } || board.Flash.RefusedUs > ledger.DownUs
            || !board.SeeksHub || ledger.WasConfigured || ledger.TouchedUs > ledger.DownUs - DecideUs || (ledger.Presses.Count > 0 && ledger.Presses[^1].AtUs > ledger.DownUs))
        {
            ledger.TriesInVain = 0;
            return;
        }

        ledger.TriesInVain++;
        Check("GW-3 pause");
        if (ledger.TriesInVain > TriesInVain && world.Queue.NowUs - ledger.DownUs < LongPauseUs && ledger.CallWaitedUs < ledger.DownUs)
        {
            Fail("GW-3", board, $"it tries again {(world.Queue.NowUs - ledger.DownUs) / VirtualTime.Ms} ms after {ledger.TriesInVain} tries in vain");
        }
    }
}
