using System.Globalization;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Oracle;

/// <content>
/// What leaves the hub after a commit, as a whole: every button that has something to hear of it is told, and what it is told is so ([GW-30], [GW-37], I3); a closed
/// call's latch is reset, and no other's (I6); an answer under a key stands.
/// </content>
public sealed partial class Watcher
{
    /// <summary>[GW-30]: of an epoch, and in all.</summary>
    private const int NoticesOfEpoch = 4;
    private const int NoticesAtBirth = 8;

    private readonly Dictionary<SignalIdentity, (string Stage, long? EtaMin)> _noticed = [];
    private readonly HashSet<SignalIdentity> _resetNow = [];
    private readonly HashSet<string> _bornNow = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<Lane, uint>> _receiptedNow = new(StringComparer.Ordinal);

    /// <summary>The boards that have a session with the core that runs now.</summary>
    private readonly HashSet<string> _inSession = new(StringComparer.Ordinal);

    private readonly Dictionary<SignalIdentity, View> _views = [];
    private readonly HashSet<SignalIdentity> _looked = [];
    private readonly HashSet<SignalIdentity> _resetsDue = [];
    private readonly HashSet<SignalIdentity> _closedCalls = [];
    private readonly Dictionary<string, SignalIdentity> _resetIds = new(StringComparer.Ordinal);
    private readonly Dictionary<(long Incident, long Key), (bool Done, long Version, string? Refusal)> _answers = [];

    /// <summary>What a button is to show of a call, and when the first able person is expected.</summary>
    private readonly record struct View(string Stage, DateTimeOffset? ArrivalAt);

    private void ForgetBatches()
    {
        _views.Clear();
        _resetsDue.Clear();
        _closedCalls.Clear();
        _answers.Clear();
        ForgetMessages();
    }

    private void ForgetMessages()
    {
        _noticed.Clear();
        _resetNow.Clear();
        _bornNow.Clear();
        _receiptedNow.Clear();
        _soundsNow.Clear();
    }

    /// <summary>An answer to a command with a key: the same for whoever asks again, whatever became of the hub in between.</summary>
    internal void Answered(long key, long incident, IncidentCommand command, Gateway.Hub.CommandOutcome outcome)
    {
        Check("same answer");
        var answer = (outcome.Done, outcome.Version, outcome.Refusal?.Name);
        if (!_answers.TryAdd((incident, key), answer) && _answers[(incident, key)] != answer)
        {
            Fail("work", null, $"\"{command.GetType().Name}\" of incident {incident} was answered {_answers[(incident, key)]}, and under the same key again: {answer}");
        }
    }

    private void NoteReceipt(SimulatedBoard board, string session, Lane lane, uint epoch)
    {
        if (Of(board).AnsweredSession != session)
        {
            _bornNow.Add(board.Device);
        }

        _inSession.Add(board.Device);
        _owesReceipt.Remove((board.Device, lane, epoch));
        if (!_receiptedNow.TryGetValue(board.Device, out var lanes))
        {
            _receiptedNow.Add(board.Device, lanes = []);
        }

        lanes[lane] = epoch;
    }

    private void NoteNotice(SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        if (TextOf(payload, "stage") is not "refused" and var stage)
        {
            _noticed[CallOf(board, payload)] = (stage, payload.IndexOf("\"etaMin\":"u8) < 0 ? null : NumberOf(payload, "etaMin"));
        }
    }

    private void NoteReset(SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        var call = CallOf(board, payload);
        _resetNow.Add(call);
        _resetIds[TextOf(payload, "id")] = call;
        Check("I6 reset asked");
        if (!_closedCalls.Contains(call))
        {
            Fail("I6", board, $"the hub asks for a reset of {call}, and no incident with that call was closed");
        }
        else if (WorkOnCall(call) is { } work)
        {
            Fail("I6", board, $"the hub asks for a reset of {call}, and incident {work.Id} with that call is open");
        }
    }

    private static SignalIdentity CallOf(SimulatedBoard board, ReadOnlySpan<byte> payload) =>
        new(board.Device, TextOf(payload, "lane"), EpochOf(payload), (uint)NumberOf(payload, "seq"));

    /// <summary>A board has answered a reset: whether the hub keeps that is not known yet, so from here on it may ask again, and need not.</summary>
    private void NoteResult(SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        var isOver = TextOf(payload, "result") is "done" || (TextOf(payload, "result") is "refused" && TextOf(payload, "reason") != "pressed-again");
        if (TextOf(payload, "result") == "refused")
        {
            NoteSoundRefused(board.Device, TextOf(payload, "id"));
        }

        if (isOver && _resetIds.TryGetValue(TextOf(payload, "id"), out var call))
        {
            _resetsDue.Remove(call);
        }
    }

    /// <summary>An incident was closed: each of its calls that is in no other one is to be let go.</summary>
    private void NoteClosed(Story story)
    {
        foreach (var call in story.Calls)
        {
            _closedCalls.Add(call.Key);
            if (!_isRetelling && WorkOnCall(call.Key) is null)
            {
                _resetsDue.Add(call.Key);
            }
        }
    }

    /// <summary>Everything of the last commit has left the hub.</summary>
    internal void ToldAll()
    {
        CheckSeenByPeople();
        foreach (var device in _bornNow)
        {
            Check("GW-30 answered");
            if (_receiptedNow[device].Count != 3)
            {
                Fail("I1", world.BoardOf(device), "its birth was answered with fewer than three receipts");
            }
        }

        NoteConcerned();
        foreach (var call in _looked)
        {
            CheckCallTold(call);
        }

        _looked.Clear();
        foreach (var (call, notice) in _noticed)
        {
            CheckNoticeTrue(call, notice.Stage, notice.EtaMin);
        }

        CheckResetsTold();
        CheckSounds();
        _untold.Clear();
        ForgetMessages();
    }

    /// <summary>The calls that may have something to hear: of what changed, of what is merged, and of boards that have just been born.</summary>
    private void NoteConcerned()
    {
        foreach (var id in _untold)
        {
            foreach (var call in _stories[id].Calls)
            {
                _looked.Add(call.Key);
            }

            _looked.UnionWith(_stories[id].Forgotten);
            _stories[id].Forgotten.Clear();
        }

        if (_untold.Count + _bornNow.Count == 0)
        {
            return;
        }

        foreach (var story in _openStories.Values)
        {
            // What is merged hears of the work where it goes on.
            foreach (var call in story.Calls)
            {
                if (story.MergedInto is not null || (_bornNow.Count > 0 && _bornNow.Contains(call.Key.Device)))
                {
                    _looked.Add(call.Key);
                }
            }
        }
    }

    private void CheckCallTold(SignalIdentity call)
    {
        var (isOpen, now) = StandingOf(call);
        if (now is not { } view)
        {
            _views.Remove(call);
            return;
        }

        var isBorn = _bornNow.Contains(call.Device);
        var isNews = !_views.TryGetValue(call, out var before) || before != view;
        _views[call] = view;
        if (!_inSession.Contains(call.Device) || (isBorn ? !isOpen : !isNews))
        {
            return;
        }

        Check("GW-37 told");
        if (!_noticed.ContainsKey(call) && !(isBorn && IsPastTheNewest(call)))
        {
            Fail("I3", world.BoardOf(call.Device), $"call {call} is \"{view.Stage}\"{(WorkOnCall(call) is { } work ? $" (its newest is incident {work.Id})" : "")}, and its button was not told");
        }
    }

    /// <summary>[GW-30]: after a birth the four newest calls of each epoch are told, and this is an older one; or it is of an epoch that the board has left, and eight were told.</summary>
    private bool IsPastTheNewest(SignalIdentity call) =>
        _noticed.Keys.Count(other => other.Sequence > call.Sequence && other == call with { Sequence = other.Sequence } && WorkOnCall(other) is not null) >= NoticesOfEpoch
        || (_receiptedNow[call.Device][LaneNames.Parse(call.Lane)] != call.Epoch && _noticed.Keys.Count(other => other.Device == call.Device) >= NoticesAtBirth);

    /// <summary>The last that a button hears of a commit is what the newest incident with its call is at; the end only when there is none any more.</summary>
    private void CheckNoticeTrue(SignalIdentity call, string stage, long? etaMin)
    {
        Check("GW-37 true");
        var view = StandingOf(call).View;
        var isClockSet = world.Hub.DecidedClockErrorMs != world.Hub.ClockErrorMs;
        if (view?.Stage != stage || !(isClockSet || IsExpected(view.Value.ArrivalAt, etaMin)))
        {
            Fail("I3", world.BoardOf(call.Device), $"the button of {call} is told \"{stage}\"{(etaMin is { } minutes ? $" in {minutes} min" : "")}, and that is not so: {view?.ToString() ?? "there is nothing to say"}{(WorkOnCall(call) is { } work ? $"; its newest is incident {work.Id}" : "")}");
        }
    }

    private bool IsExpected(DateTimeOffset? arrivalAt, long? etaMin) =>
        arrivalAt is { } at ? etaMin is { } minutes && Math.Abs(Math.Clamp((at - world.Hub.Now.Utc).TotalMinutes, 0, 1_440) - minutes) < 1.2 : etaMin is null;

    private void CheckResetsTold()
    {
        foreach (var call in _resetsDue)
        {
            var isDue = _bornNow.Contains(call.Device) || (_inSession.Contains(call.Device) && _untold.Any(id => !_stories[id].IsOpen && _stories[id].Calls.Exists(known => known.Key == call)));
            if (isDue && WorkOnCall(call) is null)
            {
                Check("GW-30 reset");
                if (!_resetNow.Contains(call))
                {
                    Fail("I6", world.BoardOf(call.Device), $"call {call} is closed, its board has not answered a reset, and is not asked for one");
                }
            }
        }
    }

    /// <summary>What the presser may be told of a call: the truth and nothing else ([GW-37], [GW-38]).</summary>
    private View? ViewOf(Story story, Call call)
    {
        if (story.IsSilent)
        {
            return null;
        }

        if (story is { IsOpen: true, CallBackDueSince: not null } && (story.CancelledAt is not null || call.IsCancelled))
        {
            return new("cancelled", null);
        }

        var work = story.IsOpen ? WorkOn(story) : story;
        if (work.CallBackDueSince is not null && work.IsOpen && work.Calls.Exists(known => known.Key == call.Key && known.IsCancelled))
        {
            return new("cancelled", null);
        }

        var sent = work.Sent.FindAll(static sent => sent.IsOut);
        DateTimeOffset? arrival = work.Stage is Stage.Dispatched or Stage.EnRoute && sent.Min(static sent => sent.EtaMin) is { } minutes ? sent.Min(static sent => sent.At).AddMinutes(minutes) : null;
        return work.Stage switch
        {
            Stage.Received when work.AcceptedAt is null => null,
            Stage.Received or Stage.Assessed => new("accepted", null),
            Stage.Dispatched => new("dispatched", arrival),
            Stage.EnRoute => new("enRoute", arrival),
            Stage.OnScene => new("onScene", null),
            Stage.Closed => new("closed", null),
            _ => new(work.Sent.Exists(static sent => sent.OnSceneAt is not null) ? "onScene" : "accepted", null),
        };
    }
}
