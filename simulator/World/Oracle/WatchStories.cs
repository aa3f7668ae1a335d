using System.Text.Json;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.World.Hub;

namespace Gateway.World.Oracle;

/// <content>
/// The oracle's own book of incidents: what the audit chain says has happened is told again, event by event, and each must be allowed, must be where it belongs, and
/// must have changed what the hub's record shows (I2, I9, I10, I13).
/// </content>
public sealed partial class Watcher
{
    private readonly Dictionary<long, Story> _stories = [];
    private readonly SortedList<long, Story> _openStories = [];

    /// <summary>What changed in this commit, and since somebody was last told.</summary>
    private readonly SortedSet<long> _changed = [];
    private readonly SortedSet<long> _untold = [];

    /// <summary>After a restore everything is told again: it has been judged before.</summary>
    private bool _isRetelling;

    private void ForgetStories()
    {
        _stories.Clear();
        _openStories.Clear();
        _storiesOf.Clear();
        _untold.Clear();
        ForgetDuty();
        _isRetelling = true;
    }

    private void FollowStories(List<DiskSignal> stored)
    {
        _changed.Clear();
        NoteBatch(stored);
        foreach (var happened in _isRetelling ? world.Hub.Disk.Ledger.ReadAllEvents() : world.Hub.Disk.Ledger.ReadNewEvents())
        {
            Tell(happened);
        }

        FollowFacts();

        foreach (var id in _changed)
        {
            CheckRecord(_stories[id]);
        }

        CheckDuplicates();
        CheckLeftOut(stored);
        _untold.UnionWith(_changed);
        _isRetelling = false;
    }

    private void Tell(in DiskEvent told)
    {
        IncidentEvent happened;
        try
        {
            happened = IncidentJson.ReadEvent(told.Json);
        }
        catch (JsonException e)
        {
            Fail("I13", null, $"the audit chain tells of incident {told.Incident} what cannot be read: {e.Message}");
            return;
        }

        Check("I13 told again");
        CheckRoute(told.Incident, happened);
        if (happened is IncidentEvent.Opened opened)
        {
            var story = new Story(opened) { ChangedUs = world.Queue.NowUs };
            if (opened.IncidentId != told.Incident || !_stories.TryAdd(told.Incident, story))
            {
                Fail("I2", null, $"incident {told.Incident} was opened twice, or as {opened.IncidentId}");
                return;
            }

            if (opened.SplitFrom is { } half && _stories.GetValueOrDefault(half)?.IsSilent != story.IsSilent)
            {
                Fail("I7", null, $"incident {told.Incident} ({story.Kind}) was split from incident {half}, and one of them is silent");
                return;
            }

            if (opened.SplitFrom is not null && world.Hub.Station.FindCallPoint(opened.CallPointId) is null)
            {
                Fail("I10", null, $"incident {told.Incident} was opened at \"{opened.CallPointId}\", which is no place of this station");
                return;
            }

            _openStories.Add(told.Incident, story);
            NoteStoryOf(story);
            _changed.Add(told.Incident);
            if (!_isRetelling)
            {
                _openedNow.Add(told.Incident);
            }

            return;
        }

        if (!_stories.TryGetValue(told.Incident, out var known))
        {
            Fail("I13", null, $"\"{told.Type}\" happened to incident {told.Incident}, and nothing tells how that began");
            return;
        }

        if (!_isRetelling && known.Objection(happened, world.Hub.Station.Targets, _stories) is { } objection)
        {
            Fail(happened is IncidentEvent.Escalated or IncidentEvent.Unanswered ? "I9" : happened is IncidentEvent.Merged ? "I7" : "I10", null,
                $"\"{told.Type}\" happened to incident {told.Incident} ({known.Kind}, {known.Stage}), and must not: {objection}");
            return;
        }

        if (!_isRetelling && happened is IncidentEvent.Dispatched named && named.ResponderIds.Any(id => world.Hub.Station.FindResponder(id) is null))
        {
            Fail("I10", null, $"{string.Join(',', named.ResponderIds)} were sent to incident {told.Incident}, and not all of them are of this station");
        }

        if (!_isRetelling && happened is IncidentEvent.Escalated { Unheard: true })
        {
            CheckUnheard(told.Incident);
        }

        if (happened is IncidentEvent.Dispatched { Actor: "clock" } sent && known.IsSilent && sent.ResponderIds.Any(id => world.Hub.Station.FindResponder(id) is not { IsPolice: true }))
        {
            Fail("I7", null, $"the clock has sent {string.Join(',', sent.ResponderIds)} to the silent incident {told.Incident}, and not all of them are police");
        }

        if (!_isRetelling)
        {
            CheckOnDuty(told.Incident, happened);
        }

        var (stageSince, joined) = (known.StageSince, known.MergedInto);
        known.Tell(happened);
        known.Parted = joined is { } former && known.MergedInto is null ? (former, world.Queue.NowUs) : known.Parted;
        if (happened is IncidentEvent.SignalJoined or IncidentEvent.Cancelled)
        {
            NoteStoryOf(known);
        }

        known.StageSeenUs = stageSince == known.StageSince ? known.StageSeenUs : world.Queue.NowUs;
        known.ChangedUs = world.Queue.NowUs;
        _changed.Add(told.Incident);
        if (!known.IsOpen)
        {
            _openStories.Remove(told.Incident);
            NoteClosed(known);
        }
    }

    /// <summary>The hub's record of an incident is what its events come to.</summary>
    private void CheckRecord(Story story)
    {
        Check("I2 record");
        if (world.Hub.Disk.Ledger.FindIncident(story.Id) is not { } row)
        {
            Fail("I2", null, $"incident {story.Id} has events, and is not on the disk");
            return;
        }

        var incident = row.Content;
        if ((incident.Id != story.Id ? $"id is {incident.Id}" : story.Difference(incident)) is { } difference)
        {
            Fail("I2", null, $"incident {story.Id}: {difference}");
        }
        else if (row.Version != story.Version || row.Stage != story.Stage.ToString())
        {
            Fail("I2", null, $"incident {story.Id} is found as version {row.Version}, {row.Stage}, and is version {story.Version}, {story.Stage}");
        }
    }

    /// <summary>What was merged into a closed incident was closed with it, but where somebody is still to call back.</summary>
    private void CheckDuplicates()
    {
        if (!_isRetelling && _changed.Any(id => !_stories[id].IsOpen) && _openStories.Values.FirstOrDefault(story => story is { MergedInto: { } target, CallBackDueSince: null } && _changed.Contains(target) && !_stories[target].IsOpen) is { } left)
        {
            Fail("I10", null, $"incident {left.MergedInto} was closed, and its duplicate {left.Id} stays open");
        }
    }

    /// <summary>A new core shows what is on the disk: every open incident, and as it stands there.</summary>
    private void CheckLoaded(IReadOnlyCollection<Incident> open)
    {
        Check("I2 loaded");
        if (_openStories.Keys.Except(open.Select(static incident => incident.Id)).Concat(open.Select(static incident => incident.Id).Except(_openStories.Keys)).Cast<long?>().FirstOrDefault() is { } other)
        {
            Fail("I2", null, $"incident {other} is open on the disk or at the hub that has just started, and not at both");
            return;
        }

        foreach (var incident in open)
        {
            if (_openStories[incident.Id].Difference(incident) is { } difference)
            {
                Fail("I2", null, $"incident {incident.Id} at the hub that has just started: {difference}");
            }
        }
    }

    /// <summary>What people see is what is committed: nothing is hidden, nothing is old.</summary>
    private void CheckSeenByPeople()
    {
        var shown = world.Hub.Snapshot!.OpenIncidents;
        foreach (var id in _untold)
        {
            Check("I2 shown");
            var version = shown.GetValueOrDefault(id)?.Version;
            if (version != (_stories[id].IsOpen ? _stories[id].Version : null))
            {
                Fail("I2", null, $"incident {id} is version {_stories[id].Version} ({_stories[id].Stage}) on the disk, and people are shown {(version is null ? "none" : $"version {version}")}");
            }
        }

        if (shown.Count != _openStories.Count)
        {
            Fail("I2", null, $"{_openStories.Count} incidents are open, and people are shown {shown.Count}");
        }
    }
}
