using System.Globalization;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>
/// What the hub owes for each word of a board: a receipt for what a journal says ([GW-17], [GW-18], [GW-33]), a refusal by name for what came before ([GW-12]), and
/// answers to the newest birth only ([GW-13]). And a receipt stands.
/// </content>
public sealed partial class Watcher
{
    /// <summary>A receipt leaves with the commit; refusals are counted there, too.</summary>
    private const long WordAnsweredUs = 5 * VirtualTime.Second;

    /// <summary>Lanes of which the hub has heard something without a receipt behind it: since when, and in which session.</summary>
    private readonly Dictionary<(string Device, Lane Lane, uint Epoch), (long AtUs, string Session)> _owesReceipt = [];

    /// <summary>Words that came again, when, and how many the hub had refused of that board then.</summary>
    private readonly Queue<(SimulatedBoard Board, string Topic, long AtUs, long Refused)> _again = new();

    /// <summary>The gate let a publish in.</summary>
    internal void Heard(string device, ApplicationMessage message)
    {
        if (world.BoardOf(device) is { } board)
        {
            if (IsForgery(board, message))
            {
                Fail("I5", board, $"somebody without its key has said something on {message.Topic}, and the hub believes it");
            }

            if (HearAgain(board, message.Topic, message.Payload.Span))
            {
                return;
            }

            Of(board).HeardUs = world.Queue.NowUs;
            if (message.Topic.EndsWith("/signal", StringComparison.Ordinal))
            {
                OweReceipt(board, message.Payload.Span);
            }
            else if (message.Topic.EndsWith("/heartbeat", StringComparison.Ordinal) && TextOf(message.Payload.Span, "session") == Of(board).AnsweredSession)
            {
                HeartBeat(board, Of(board));
            }
            else if (message.Topic.EndsWith("/status", StringComparison.Ordinal) && MessageGate.ReadStoredBirth(device, message.Payload) is { } birth)
            {
                NoteBornLate(board, birth);
                Of(board).BornUs = world.Queue.NowUs;
                Of(board).GoodbyeHeardUs = long.MaxValue;
            }
            else if (message.Topic.EndsWith("/status", StringComparison.Ordinal) && Of(board) is { Goodbye.Length: > 0 } && message.Payload.Span.SequenceEqual(Of(board).Goodbye))
            {
                // One that the hub has not heard of under its newest session cannot take leave of it ([GW-28]).
                (Of(board).Goodbye, Of(board).GoodbyeHeardUs) = ([], Of(board).NewestSession == Of(board).AnsweredSession ? world.Queue.NowUs : long.MaxValue);
            }
            else if (message.Topic.EndsWith("/result", StringComparison.Ordinal))
            {
                NoteResult(board, message.Payload.Span);
            }
        }
    }

    /// <summary>True when this heartbeat or result was heard before: it proves nothing, and is to be refused.</summary>
    private bool HearAgain(SimulatedBoard board, string topic, ReadOnlySpan<byte> payload)
    {
        var isBeat = topic.EndsWith("/heartbeat", StringComparison.Ordinal);
        if (!isBeat && !topic.EndsWith("/result", StringComparison.Ordinal))
        {
            return false;
        }

        var heard = Of(board).HeardN;
        var (session, n) = (TextOf(payload, "session"), NumberOf(payload, "n"));
        if (heard[isBeat ? 0 : 1] is var newest && newest.Session == session && n <= newest.N)
        {
            _again.Enqueue((board, topic, world.Queue.NowUs, RefusedAgain(board)));
            return true;
        }

        if (session == Of(board).NewestSession)
        {
            heard[isBeat ? 0 : 1] = (session, n);
        }

        return false;
    }

    private long RefusedAgain(SimulatedBoard board) =>
        world.Hub.RefusedCount(board.Device, MessageRefusals.Replayed) + world.Hub.RefusedCount(board.Device, MessageRefusals.StaleSession);

    /// <summary>A signal or a gap came to the hub, sound: with the commit its lane has a receipt, also when it came before.</summary>
    private void OweReceipt(SimulatedBoard board, ReadOnlySpan<byte> signal)
    {
        var ledger = Of(board);
        var (lane, epoch) = (LaneNames.Parse(TextOf(signal, "lane")), EpochOf(signal));
        var isNamed = _inSession.Contains(board.Device) && PlaceOf(ledger, ledger.AnsweredSession) is >= 0 and var at && ledger.Births[at] is var birth
            && epoch == (lane == Lane.Call ? birth.Call.Epoch : lane == Lane.Event ? birth.Event.Epoch : birth.VolatileEpoch);
        if (isNamed)
        {
            _owesReceipt.TryAdd((board.Device, lane, epoch), (world.Queue.NowUs, ledger.AnsweredSession));
        }
    }

    /// <summary>A new core has begun: what the one before had heard and not committed comes again.</summary>
    private void ForgetHeard()
    {
        _owesReceipt.Clear();
        _again.Clear();
    }

    /// <summary>Every second.</summary>
    private void CheckOwed(long steadyUs)
    {
        var now = world.Queue.NowUs;
        while (_again.TryPeek(out var again) && now - again.AtUs > WordAnsweredUs)
        {
            _again.Dequeue();
            Check("GW-12 again");
            if (again.AtUs > steadyUs && RefusedAgain(again.Board) <= again.Refused)
            {
                Fail("GW-12", again.Board, $"what came on {again.Topic} had come before, and the hub has not refused it");
            }
        }

        foreach (var (lane, owed) in _owesReceipt)
        {
            if (now - owed.AtUs < WordAnsweredUs)
            {
                continue;
            }

            _owesReceipt.Remove(lane);
            Check("GW-33 receipt");
            if (owed.AtUs > steadyUs && world.BoardOf(lane.Device) is { } board && Of(board).AnsweredSession == owed.Session)
            {
                Fail("GW-33", board, $"the hub heard something of its {lane.Lane} lane {lane.Epoch:x8} {(now - owed.AtUs) / VirtualTime.Second} s ago, and no receipt of that lane has left it since");
            }
        }
    }

    /// <summary>[GW-13]: a birth of before is a replay: whoever has answered a later one goes back to none.</summary>
    private void CheckNewestAnswered(SimulatedBoard board, string session)
    {
        var ledger = Of(board);
        if (session == ledger.AnsweredSession)
        {
            return;
        }

        var at = PlaceOf(ledger, session);
        var before = PlaceOf(ledger, ledger.NewestAnswered);
        Check("GW-13 newest");

        // A number that the flash refused to write down may be the next boot's, too.
        var isSameBoot = at >= 0 && before >= 0 && ledger.Births[at].Time.Boot == ledger.Births[before].Time.Boot && board.Flash.RefusedIn.Count > 0;
        if (at >= 0 && at < before && !isSameBoot && board.Flash.Flips == 0)
        {
            Fail("GW-13", board, $"the hub answers the birth of boot {ledger.Births[at].Time.Boot} at {ledger.Births[at].Time.UpMs} ms, and had answered that of boot {ledger.Births[before].Time.Boot} at {ledger.Births[before].Time.UpMs} ms before");
        }

        ledger.NewestAnswered = session;
    }

    /// <summary>Which of its newest births began this session; -1 when none of them did.</summary>
    private static int PlaceOf(BoardLedger ledger, string session) =>
        ulong.TryParse(session, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? ledger.Births.FindLastIndex(birth => birth.Session == number) : -1;

    /// <summary>[GW-19], I8: what a receipt has covered stays on the disk, or stays missing there, whatever comes late and whoever starts anew.</summary>
    private void CheckReceiptsStand()
    {
        var disk = world.Hub.Disk.Ledger;
        foreach (var (id, through) in _receipted)
        {
            if (!disk.Lanes.TryGetValue(id, out var lane) || lane.Lane == Lane.Volatile)
            {
                continue;
            }

            Check("I8 receipt stands");
            var accounted = lane.Signals.Keys.Count(seq => seq <= through) + disk.MissingThrough(lane, through);
            if (accounted < through)
            {
                Fail("I8", world.BoardOf(lane.Device), $"a receipt of its {lane.Lane} lane covered all through {through}, and of those {through - accounted} are neither on the disk nor missing there");
            }
        }
    }
}
