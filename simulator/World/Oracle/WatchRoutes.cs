using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.World.Hub;

namespace Gateway.World.Oracle;

/// <content>I2: in which incident each signal belongs, by the oracle's own book.</content>
public sealed partial class Watcher
{
    /// <summary>The signals of this commit, and the incidents whose events name them.</summary>
    private readonly Dictionary<(SignalIdentity Identity, bool Conflict), (DiskSignal Stored, SignalMessage Signal, HashSet<long> Told)> _batch = [];

    private enum Meaning
    {
        Alarm,
        Normal,
        Reset,
        Cancel,
        Fact,
    }

    private static (Meaning Meaning, IncidentKind Kind) MeaningOf(string kind, string state, int zone) => (kind, state) switch
    {
        ("help", "alarm") => (Meaning.Alarm, IncidentKind.Help),
        ("silent", "alarm") => (Meaning.Alarm, IncidentKind.Silent),
        ("cancel", "normal") => (Meaning.Cancel, IncidentKind.Help),
        ("reset", "normal") => (Meaning.Reset, IncidentKind.Help),
        ("door" or "pen" or "water" or "sensor" or "smoke" or "gas" or "tamper" or "mains", "open" or "short") => (Meaning.Alarm, IncidentKind.Fault),
        ("mains", _) when zone == 0 => (MeaningOf(state), IncidentKind.Mains),
        ("mains", _) => (MeaningOf(state), IncidentKind.Sensor),
        ("door", _) => (MeaningOf(state), IncidentKind.Door),
        ("pen", _) => (MeaningOf(state), IncidentKind.Pen),
        ("water", _) => (MeaningOf(state), IncidentKind.Water),
        ("sensor", _) => (MeaningOf(state), IncidentKind.Sensor),
        ("smoke", _) => (MeaningOf(state), IncidentKind.Smoke),
        ("gas", _) => (MeaningOf(state), IncidentKind.Gas),
        ("tamper", _) => (MeaningOf(state), IncidentKind.Tamper),
        ("battery", "low" or "critical") => (Meaning.Alarm, IncidentKind.Battery),
        ("battery", "normal") => (Meaning.Normal, IncidentKind.Battery),
        ("fault", _) => (MeaningOf(state), IncidentKind.Fault),
        ("patrol" or "acknowledge" or "restart", _) => (Meaning.Fact, IncidentKind.Unknown),
        _ => (Meaning.Alarm, IncidentKind.Unknown),
    };

    private static Meaning MeaningOf(string state) => state == "normal" ? Meaning.Normal : Meaning.Alarm;

    private void NoteBatch(List<DiskSignal> stored)
    {
        _batch.Clear();
        foreach (var row in stored)
        {
            if (MessageGate.ReadStored(row.Lane.Device, row.Payload) is { } signal)
            {
                _batch.TryAdd((new SignalIdentity(row.Lane.Device, LaneNames.Of(row.Lane.Lane), row.Lane.Epoch, row.Seq), row.Conflict), (row, signal, []));
            }
        }
    }

    /// <summary>A signal comes into the work: as it is stored, with it, and where it belongs.</summary>
    private void CheckRoute(long incident, IncidentEvent happened)
    {
        var signal = happened switch
        {
            IncidentEvent.Opened { SplitFrom: null } opened => opened.Signal,
            IncidentEvent.SignalJoined joined => joined.Signal,
            IncidentEvent.Restored restored => restored.Signal,
            IncidentEvent.Cancelled cancelled => cancelled.Signal,
            _ => null,
        };
        if (signal is null || _isRetelling || signal.Identity.Lane == LinkAlarms.HubLane || signal.Identity.Sequence == 0)
        {
            // Told again; or found by the hub itself, and so in no journal.
            return;
        }

        Check("I2 where it belongs");
        if (!_batch.TryGetValue((signal.Identity, signal.Conflict), out var entry))
        {
            Fail("I2", world.BoardOf(signal.Identity.Device), $"incident {incident} tells of {signal.Identity}, which is not on the disk with it");
            return;
        }

        entry.Told.Add(incident);
        var (stored, message, _) = entry;
        var isSame = (signal.Kind, signal.Zone, signal.State, signal.Call, signal.Count, signal.Value, signal.Detail) == (message.Kind, message.Zone, message.State, message.Call, message.Count, message.Value, message.Detail)
            && signal.OccurredAt?.ToUnixTimeMilliseconds() == stored.OccurredMs && signal.ReceivedAt.ToUnixTimeMilliseconds() == stored.ReceivedMs && signal.Late == stored.IsLate && !message.Test;
        if (!isSame || !stored.Incidents.Contains(incident))
        {
            Fail("I2", world.BoardOf(signal.Identity.Device), $"incident {incident} tells of {signal.Identity} as {signal}, and it is stored otherwise, or as in {string.Join(',', stored.Incidents)}");
            return;
        }

        if (happened is IncidentEvent.Cancelled && _stories.GetValueOrDefault(incident)?.First.Identity == signal.Identity)
        {
            // It opened this very incident: its press never came.
            return;
        }

        var (meaning, kind) = MeaningOf(signal.Kind, signal.State, signal.Zone);
        var (due, follows) = DueOf(signal, meaning, kind, stored.Id);
        var isDue = happened switch
        {
            IncidentEvent.Opened opened => due == 0 && opened.Follows == follows && (opened.Kind == kind) && opened.CallPointId == PointOf(signal.Identity.Device),
            IncidentEvent.SignalJoined => meaning == Meaning.Alarm && due == incident,
            IncidentEvent.Restored => meaning is Meaning.Normal or Meaning.Reset && due == incident,
            _ => meaning == Meaning.Cancel && due == incident,
        };
        if (!isDue)
        {
            Fail("I2", world.BoardOf(signal.Identity.Device), $"{signal.Kind} {signal.State} ({signal.Identity}) came into incident {incident} ({happened.GetType().Name}), and belongs to {(due == 0 ? $"a new {kind} incident" : due == -1 ? "none" : $"incident {due}")}");
        }
    }

    /// <summary>The incident to which a signal belongs now, a call or a zone to whoever holds it, wherever merges have brought it: 0 for a new one, -1 for none; and which earlier one a new one follows.</summary>
    private (long Due, long? Follows) DueOf(SignalFacts signal, Meaning meaning, IncidentKind kind, long row)
    {
        if (meaning == Meaning.Fact)
        {
            return (-1, null);
        }

        var near = _openStories.Values.Where(story => story.SplitFrom is null && Meets(story, kind, signal.Identity.Device)).ToList();
        var key = signal.Call == 0 ? default : signal.Identity with { Sequence = signal.Call };
        switch (meaning)
        {
            case Meaning.Normal:
                return (_openStories.Values.LastOrDefault(story => story.ActiveZones.Contains(Story.ZoneOf(signal)) && (story.Kind == kind || story.Kind == IncidentKind.Fault))?.Id ?? -1, null);
            case Meaning.Reset or Meaning.Cancel:
                var called = _openStories.Values.LastOrDefault(story => HasCall(story, signal.Identity.Device, signal.Zone, key));
                return (called is not null ? WorkOn(called).Id : meaning == Meaning.Reset || (signal.Call != 0 && CameBefore(key, row)) ? -1 : 0, null);
            case Meaning.Alarm when signal.Conflict:
                return (0, null);
            case Meaning.Alarm when _openStories.Values.LastOrDefault(story => story.IsSilent == (kind == IncidentKind.Silent) && signal.Call != 0 && story.Calls.Exists(call => call.Key == key)) is { } same:
                var work = WorkOn(same);
                return IsOver(work, signal) ? (0, work.Id) : (work.Id, null);
            case Meaning.Alarm when kind == IncidentKind.Silent:
                return (0, null);
            default:
                var joinS = world.Hub.Station.Targets.JoinWindowS;
                var joined = near.LastOrDefault(story => story.Kind == kind && !IsOver(WorkOn(story), signal) && signal.ReceivedAt - story.LastSignalAt <= TimeSpan.FromSeconds(joinS));
                return (joined is null ? 0 : WorkOn(joined).Id, null);
        }
    }

    /// <summary>The work there was over when this happened; or the incident outlived the one that it had joined.</summary>
    private static bool IsOver(Story story, SignalFacts signal) =>
        story.MergedInto is not null || (story.Stage >= Stage.Handled && !(signal.OccurredAt is { } at && story.HandledAt is { } handled && at <= handled));

    private static bool HasCall(Story story, string device, int zone, SignalIdentity key) =>
        story.Calls.Exists(call => key != default ? call.Key == key : call.Key.Device == device && call.Zone == zone);

    /// <summary>It is on the disk, and was before this row: what comes in no order may be behind it in the same commit.</summary>
    private bool CameBefore(SignalIdentity key, long row) =>
        world.Hub.Disk.Ledger.FindLane(key.Device, LaneNames.Parse(key.Lane), key.Epoch) is { } lane && lane.Signals.TryGetValue(key.Sequence, out var first) && first < row;

    /// <summary>One cause strikes every room (I12): those kinds are the station's; the others, of the call point.</summary>
    private static bool Meets(Story story, IncidentKind kind, string device) =>
        kind is IncidentKind.Mains or IncidentKind.Battery or IncidentKind.LinkLost || story.Kind is IncidentKind.Mains or IncidentKind.Battery or IncidentKind.LinkLost
            ? story.Kind == kind
            : story.CallPointId == PointOf(device);

    private static string PointOf(string device) => "p" + device;

    /// <summary>Where the work of a merged one goes on, as far as that is open.</summary>
    private Story WorkOn(Story story)
    {
        while (story.MergedInto is { } target && _openStories.TryGetValue(target, out var next))
        {
            story = next;
        }

        return story;
    }

    /// <summary>What came to the disk and into no incident: a test, a fact, or what no open work waits for.</summary>
    private void CheckLeftOut(List<DiskSignal> stored)
    {
        foreach (var (identity, entry) in _batch)
        {
            var (row, signal, told) = entry;
            var board = world.BoardOf(row.Lane.Device);
            if (signal.Test != row.IsTest || (signal.Test && row.Incidents.Count > 0))
            {
                Fail("I2", board, $"{identity.Identity} is {(signal.Test ? "" : "not ")}a test, and is stored otherwise, or in an incident");
                continue;
            }

            if (signal.Test || _isRetelling)
            {
                continue;
            }

            var (meaning, kind) = MeaningOf(signal.Kind, signal.State, signal.Zone);
            if (row.Incidents.Count != (meaning == Meaning.Alarm ? 1 : Math.Min(row.Incidents.Count, 1)) || row.Incidents.Any(id => !told.Contains(id)))
            {
                Fail("I2", board, $"{signal.Kind} {signal.State} ({identity.Identity}) is stored as in {row.Incidents.Count} incidents, and told of in {told.Count}");
            }
            else if (row.Incidents.Count == 0 && meaning is Meaning.Normal or Meaning.Reset or Meaning.Cancel)
            {
                CheckWaited(board, identity.Identity, signal, row, meaning, kind);
            }
        }
    }

    /// <summary>It changed nothing: then nothing that stood still in this commit has waited for it.</summary>
    private void CheckWaited(Boards.SimulatedBoard? board, SignalIdentity identity, SignalMessage signal, in DiskSignal row, Meaning meaning, IncidentKind kind)
    {
        if (row.Incidents.Count > 0)
        {
            return;
        }

        var facts = new SignalFacts(identity, signal.Kind, signal.Zone, signal.State, signal.Call, signal.Count, signal.Value, signal.Detail, null, default, false, false, row.Conflict);
        var (due, _) = DueOf(facts, meaning, kind, row.Id);
        if (due == 0 || (due > 0 && !_changed.Contains(due)))
        {
            Fail("I2", board, $"{signal.Kind} {signal.State} ({identity}) changed nothing, and {(due == 0 ? "somebody must call back" : $"incident {due} waits for it")}");
        }
    }
}
