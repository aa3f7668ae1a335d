using System.Globalization;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What a board says, held against what it has: its births, what it sends again, what it answers; and that a trial of settings ends.</content>
public sealed partial class Watcher
{
    /// <summary>What is in flight is sent again after 5 s ([GW-15]), and what the steps of a busy core take.</summary>
    private const long AgainUs = 10 * VirtualTime.Second;

    /// <summary>The longest trial that people of this world ask for is 5 min ([GW-43]); a boot begins it anew.</summary>
    private const long TrialUs = (5 * VirtualTime.Minute) + (90 * VirtualTime.Second);

    /// <summary>The boot in which a trial began, and two more: the next one is under the last good settings ([GW-43]).</summary>
    private const int TrialBootsMax = 3;

    /// <summary>From the write that begins a trial to the link under it, whatever the flash takes.</summary>
    private const long TrialBeginsUs = 5 * VirtualTime.Second;

    /// <summary>Births remembered of one board: a receipt is of the newest, or of one just before it.</summary>
    private const int BirthsMax = 8;

    /// <summary>The board's client took a message to send.</summary>
    internal void Published(SimulatedBoard board, ApplicationMessage message)
    {
        CheckBornFirst(board, message);
        switch (message.Topic[(message.Topic.LastIndexOf('/') + 1)..])
        {
            case "signal":
                world.Trace.Add(board.Number, "sends a signal", message.Payload.Length);
                Of(board).SentUs[(int)LaneNames.Parse(TextOf(message.Payload.Span, "lane"))] = world.Queue.NowUs;
                CheckOrder(board, Of(board), message.Payload.Span);
                NoteSilenced(board, Of(board), message.Payload.Span);
                break;
            case "reported":
                Of(board).ReportedUs = world.Queue.NowUs;
                Of(board).Reported = message.Payload.ToArray();
                Reports(board, Of(board), message.Payload.Span);
                break;
            case "heartbeat":
                Beats(board, Of(board), message.Payload.Span);
                break;
            case "status":
                GivesBirth(board, message);
                break;
            case "result":
                Answers(board, message.Payload.Span);
                break;
        }
    }

    /// <summary>
    /// A birth tells the hub what it need not wait for: "oldest" is the first number that may still be sent, so no more lie behind it than have no receipt. A hub
    /// that went back to a backup believes this word, and nothing else can tell it what will never come again ([GW-19]).
    /// </summary>
    private void GivesBirth(SimulatedBoard board, ApplicationMessage message)
    {
        var ledger = Of(board);
        if (MessageGate.ReadStoredBirth(board.Device, message.Payload) is not { } birth)
        {
            ledger.GoodbyeUs = world.Queue.NowUs;
            ledger.Goodbye = message.Payload.ToArray();
            return;
        }

        if (ledger.Births.Count == BirthsMax)
        {
            ledger.Births.RemoveAt(0);
        }

        var journal = board.App!.Journal;
        ledger.Goodbye = [];
        CheckBirth(board, ledger, birth);
        ledger.NoteBorn(birth);
        ledger.Births.Add(birth);
        ledger.NewestBirthUs = world.Queue.NowUs;
        Check("GW-19 birth");
        if (birth.Call.Next - birth.Call.Oldest > journal.Calls.Backlog || birth.Event.Next - birth.Event.Oldest > journal.Events.Backlog)
        {
            Fail("I1", board, $"its birth lets the hub wait for calls from {birth.Call.Oldest} and events from {birth.Event.Oldest}, and it will send none of the first of them again");
        }
    }

    /// <summary>[GW-19], [GW-30]: the receipt that answers a birth covers whatever that birth says will not come; no hole can block it.</summary>
    private void CheckAnswersBirth(SimulatedBoard board, ReadOnlySpan<byte> receipt, uint through)
    {
        CheckNewestAnswered(board, TextOf(receipt, "session"));
        Of(board).AnsweredSession = TextOf(receipt, "session");
        var session = ulong.Parse(Of(board).AnsweredSession, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (Of(board).Births.Find(birth => birth.Session == session) is not { } birth)
        {
            return;
        }

        var lane = LaneNames.Parse(TextOf(receipt, "lane"));
        var stated = lane == Lane.Call ? birth.Call : birth.Event;
        if (lane != Lane.Volatile && stated.Epoch == EpochOf(receipt))
        {
            Check("GW-19 receipt");

            // A birth that was held on the way may come with what its board has used, and burned, since.
            var isUnused = board.App is { } app && (lane == Lane.Call ? app.Journal.Calls : app.Journal.Events).Next <= stated.Next;
            if (isUnused && _bornNow.Contains(board.Device) && board.Flash.Flips == 0 && world.Hub.Disk.Ledger.FindLane(board.Device, lane, stated.Epoch) is { } known && world.Hub.Disk.Ledger.IsMissing(known, stated.Next))
            {
                Fail("I1", board, $"{lane} {stated.Next} is called missing, and its birth says that this number is still to be used");
            }

            if (through + 1 < stated.Oldest)
            {
                Fail("I1", board, $"its birth said that nothing below {lane} {stated.Oldest} will come, and a receipt through {through} waits for it");
            }
        }
    }

    /// <summary>[GW-40]: a command that comes again gets the same answer, and is not done a second time; one that left everything as it was is judged anew.</summary>
    private void Answers(SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        var ledger = Of(board);
        if (ledger.AnswersIn != board.Incarnation)
        {
            ledger.AnswersIn = board.Incarnation;
            ledger.Answers.Clear();
        }

        var (id, answer) = (TextOf(payload, "id"), TextOf(payload, "result") + " " + TextOf(payload, "reason"));
        if (ledger.CommandsKept.Contains(id) && ledger.Answers.TryGetValue(id, out var first) && first is not ("expired " or "refused pressed-again" or "failed not-durable") && first != answer)
        {
            Fail("GW-40", board, $"command {id} was answered \"{first}\", and came again: \"{answer}\"");
        }

        ledger.Answers[id] = answer;
        CheckExpiry(board, ledger, id, answer);
        NoteTestBegins(board, ledger, id, answer);
        CheckReset(board, ledger, id, answer);
        CheckSoundAnswer(board, ledger, id, answer);
    }

    /// <summary>[GW-15]: a receipt can be lost on any way; what waits for one is sent again, within the same connection.</summary>
    private void CheckSentAgain(SimulatedBoard board, BoardLedger ledger, Gateway.Firmware.AppStatus status)
    {
        var now = world.Queue.NowUs;
        ledger.EventWaitsUs = status.EventBacklog > 0 ? Math.Min(ledger.EventWaitsUs, now) : long.MaxValue;
        if ((status.CallBacklog == 0 && ledger.EventWaitsUs == long.MaxValue) || now - board.Flash.RefusedUs < SettlesUs || board.HasJustDropped || !IsCalm(board))
        {
            return;
        }

        Check("GW-15 again");
        var isCall = status.CallBacklog > 0 && now - Math.Max(ledger.SentUs[(int)Lane.Call], ledger.CallWaitsUs) > AgainUs;
        if (isCall || (ledger.EventWaitsUs != long.MaxValue && now - Math.Max(ledger.SentUs[(int)Lane.Event], ledger.EventWaitsUs) > AgainUs))
        {
            Fail("I1", board, $"{(isCall ? "a call" : "an event")} waits for its receipt, and was not sent again for {AgainUs / VirtualTime.Second} s");
        }
    }

    /// <summary>[GW-43]: settings under which there is no hub are taken back by themselves, in time and after so many boots.</summary>
    private void CheckTrial(SimulatedBoard board, BoardLedger ledger)
    {
        if (board.SeeksHub)
        {
            ledger.AwayUs = long.MaxValue;
            return;
        }

        Check("GW-43 trial");
        var begins = ledger.AwayIn != board.Incarnation || ledger.AwayUs == long.MaxValue;
        ledger.AwayUs = ledger.AwayIn == board.Incarnation ? Math.Min(ledger.AwayUs, world.Queue.NowUs) : world.Queue.NowUs;
        ledger.AwayIn = board.Incarnation;

        // One that a boot finds begun was begun before.
        if (begins && world.Queue.NowUs - board.StartedUs > MovesUs && world.Queue.NowUs - Math.Max(ledger.CallWaitsUs, board.StalledUs) > TrialBeginsUs)
        {
            Fail("GW-43", board, $"a trial begins while a call waits, for {(world.Queue.NowUs - ledger.CallWaitsUs) / VirtualTime.Second} s");
        }

        if (world.Queue.NowUs - Math.Max(ledger.AwayUs, ledger.CallWaitsUs) > MovesUs && world.Queue.NowUs - board.Flash.RefusedUs > MovesUs)
        {
            Fail("configuration", board, $"it looks for the hub where none is, a call waits for {(world.Queue.NowUs - ledger.CallWaitsUs) / VirtualTime.Second} s, and it does not go back to the settings of before");
        }

        if (world.Queue.NowUs - ledger.AwayUs > TrialUs)
        {
            Fail("configuration", board, $"it looks for the hub where none is, for {(world.Queue.NowUs - ledger.AwayUs) / VirtualTime.Second} s, and does not go back to the settings of before");
        }
    }

    /// <summary>Who is told that a board is to be set so has that on the disk.</summary>
    internal void Configured(SimulatedBoard board, Gateway.Hub.Fleet.BoardSettings asked, Gateway.Hub.CommandOutcome? outcome)
    {
        if (outcome is not { Done: true })
        {
            return;
        }

        Check("GW-41 asked for");
        if (world.Hub.Disk.Ledger.DesiredOf(board.Device) is var desired && desired != asked.ToJson())
        {
            Fail("GW-41", board, $"somebody was told that it is to be set to {asked.ToJson()}, and on the disk stands {desired ?? "nothing"}");
        }
    }

    /// <summary>[GW-43]: settings under which the board is at its hub all the time are not taken back.</summary>
    private void Reports(SimulatedBoard board, BoardLedger ledger, ReadOnlySpan<byte> payload)
    {
        var (version, state) = (NumberOf(payload, "version"), TextOf(payload, "state"));
        if (state == "trial" && ledger.Trial?.Version != version)
        {
            ledger.Trial = (version, world.Queue.NowUs);
        }
        else if (state == "rolledBack" && ledger.Trial is { } trial && trial.Version == version)
        {
            Check("GW-43 rolled back");
            ledger.Trial = null;

            // The hub's answer may be among what found no room.
            var disturbedUs = Math.Max(Math.Max(board.LinkChangedUs, board.DroppedUs), Math.Max(board.StartedUs, board.Flash.RefusedUs));
            if (board.SeeksHub && IsCalm(board) && disturbedUs < trial.SinceUs && world.Queue.NowUs - trial.SinceUs > CalmUs)
            {
                Fail("GW-43", board, $"settings {version} are taken back after {(world.Queue.NowUs - trial.SinceUs) / VirtualTime.Second} s, and under them the board was at its hub all the time");
            }
        }
        else if (state is "applied" or "refused")
        {
            ledger.Trial = null;
            ledger.AppliedVersion = state == "applied" ? Math.Max(ledger.AppliedVersion, version) : ledger.AppliedVersion;
        }
    }

    /// <summary>It tries to connect.</summary>
    private void CheckTrialBoots(SimulatedBoard board, BoardLedger ledger)
    {
        if (board.SeeksHub)
        {
            ledger.AwayBoots.Clear();
        }
        else if (ledger.AwayBoots.Add(board.Incarnation) && ledger.AwayBoots.Count > TrialBootsMax && board.Flash.Flips == 0)
        {
            Fail("configuration", board, $"it looks for the hub where none is, in its boot {ledger.AwayBoots.Count} under those settings");
        }
    }
}
