using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>
/// What the hub makes boxes sound, after each commit: the station's own for a call that nobody takes, the neighbours for a call to save a life, a box for whoever is
/// sent. Whatever sounds has such a reason, a silent call is none (I7), and what has a reason sounds.
/// </content>
public sealed partial class Watcher
{
    /// <summary>How long the station's own box sounds, a responder's, and the neighbours' (simulator/Hub/README.md), s.</summary>
    private const long AnnunciatesS = 300;
    private const long CallsS = 60;
    private const long WatchS = 600;

    /// <summary>The hub says it again before the box falls silent, and with time for the way.</summary>
    private const long SaidAgainUs = 250 * VirtualTime.Second;

    /// <summary>Pattern 1 is that of "you are called" (PROTOCOL.md, section 9).</summary>
    private const long CallPattern = 1;

    private readonly List<(SimulatedBoard Board, Sound Sound)> _soundsNow = [];
    private readonly HashSet<long> _openedNow = [];

    /// <summary>The station's own boxes; null before they were looked for.</summary>
    private List<SimulatedBoard>? _annunciators;

    /// <summary>What each of the station's own boxes was last asked; and since when it is owed a word.</summary>
    private readonly Dictionary<string, Sound> _annunciated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _owedSoundUs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _refusedSoundUs = new(StringComparer.Ordinal);
    private int _wanted;
    private bool _isWantedKnown;

    /// <summary>A command that makes a box sound, or ends that: 0 s.</summary>
    private readonly record struct Sound(string Id, string Command, long Seconds, long Pattern, long LeftUs);

    /// <summary>A person at the station calls somebody by this box.</summary>
    internal void CalledByHand(SimulatedBoard board) => Of(board).CalledByHandUs = world.Queue.NowUs;

    /// <summary>A new core: what the one before had asked for ends by itself.</summary>
    private void ForgetSounds()
    {
        (_wanted, _isWantedKnown) = (0, false);
        _openedNow.Clear();
        _annunciated.Clear();
        _owedSoundUs.Clear();
        _refusedSoundUs.Clear();
    }

    private void NoteSound(SimulatedBoard board, string command, ReadOnlySpan<byte> payload)
    {
        var sound = new Sound(TextOf(payload, "id"), command, NumberOf(payload, "seconds"), command == "annunciate" ? NumberOf(payload, "pattern") : 0, world.Queue.NowUs);
        _soundsNow.Add((board, sound));
        NoteMaySound(board, Of(board), sound);
        if (sound is { Command: not "siren", Seconds: 0 or >= AnnunciatesS } && world.Hub.Station.FindBoard(board.Device)!.Annunciator)
        {
            _annunciated[board.Device] = sound;
            _refusedSoundUs.Remove(board.Device);
        }
    }

    /// <summary>Every box knows the neighbours' call: one that is not set up to annunciate is asked for that.</summary>
    private void NoteSoundRefused(string device, string id)
    {
        if (_annunciated.GetValueOrDefault(device) is { Command: "annunciate", Seconds: > 0 } sound && sound.Id == id)
        {
            _refusedSoundUs[device] = world.Queue.NowUs;
        }
    }

    /// <summary>Everything of a commit has left.</summary>
    private void CheckSounds()
    {
        var wanted = _untold.Count == 0 && _isWantedKnown ? _wanted : _openStories.Values.Where(RingsOverdue).Select(static story => story.Priority).DefaultIfEmpty().Min();
        foreach (var (board, sound) in _soundsNow)
        {
            // What a batch asked for first may have lost its reason in that very batch.
            if (_soundsNow.FindLast(told => told.Board == board && told.Sound.Command == sound.Command).Sound == sound)
            {
                CheckReason(board, sound, wanted);
                CheckNotCutShort(board, sound);
            }
        }

        _annunciators ??= [.. world.Boards.Where(board => world.Hub.Station.FindBoard(board.Device)!.Annunciator)];
        foreach (var board in _annunciators)
        {
            CheckAnnunciator(board, wanted);
        }

        foreach (var id in _untold)
        {
            CheckWatch(_stories[id]);
        }

        (_wanted, _isWantedKnown) = (wanted, true);
        _openedNow.Clear();
    }

    /// <summary>Nobody has taken it, and somebody above was told: it sounds at the station.</summary>
    private static bool RingsOverdue(Story story) => story.IsWaiting && story.Raised.Exists(static raised => raised.Clock == ClockName.Accept);

    /// <summary>A silent call that rings was made where this box hangs: it stays as it is (I7).</summary>
    private bool HangsAtSilent(SimulatedBoard board) =>
        _openStories.Values.Any(story => story.IsSilent && RingsOverdue(story) && story.CallPointId == world.Hub.Station.FindBoard(board.Device)!.CallPointId);

    private bool MayBeTold(SimulatedBoard board) =>
        _inSession.Contains(board.Device) && world.Hub.Snapshot!.Gateways[board.Device] is { Link: Gateway.Hub.Fleet.LinkState.Up };

    private void CheckReason(SimulatedBoard board, in Sound sound, int wanted)
    {
        Check("I7 sounds for a reason");
        var isOwn = world.Hub.Station.FindBoard(board.Device)!.Annunciator;
        var hasReason = sound switch
        {
            { Seconds: 0 } => true,
            { Command: "annunciate", Seconds: AnnunciatesS } => isOwn && wanted > 0 && sound.Pattern == PatternOf(wanted) && !HangsAtSilent(board),
            { Command: "watchAlert", Seconds: AnnunciatesS } when isOwn && wanted > 0 && !HangsAtSilent(board) => true,
            { Command: "annunciate", Seconds: CallsS, Pattern: CallPattern } => _untold.Any(id => !_stories[id].IsSilent && (_stories[id].Informed.Count > 0 || _stories[id].Sent.Exists(static sent => sent.IsOut))),
            { Command: "watchAlert", Seconds: WatchS } when _openedNow.Any(id => WatchOf(_stories[id])?.Boards.Contains(board.Device) == true) => true,
            { Command: "siren", Seconds: WatchS } when _openedNow.Any(id => WatchOf(_stories[id])?.Loudspeakers.Contains(board.Device) == true) => true,
            // What is left of it; all, for a hub whose clock was set back.
            { Command: "watchAlert" or "siren", Seconds: <= WatchS } when (sound.Seconds < WatchS || world.Hub.WasClockWrong) && WatchedBy(board, sound.Command) is not null => true,

            // A box that does not annunciate calls whoever is sent as it calls the neighbours; and people of this world do so by hand.
            { Command: "watchAlert", Seconds: <= CallsS } => true,
            _ => false,
        };
        if (!hasReason)
        {
            Fail("I7", board, $"the hub asks it for {sound.Command} of {sound.Seconds} s (pattern {sound.Pattern}), and nothing that is known is a reason for that");
        }
    }

    /// <summary>An open call for which this box sounds, as a neighbour's box or as a loudspeaker.</summary>
    private Story? WatchedBy(SimulatedBoard board, string command) => _openStories.Values.FirstOrDefault(story =>
        story is { IsWaiting: true, CancelledAt: null, Watch: { StoppedAt: null } watch } && (command == "siren" ? watch.Loudspeakers : watch.Boards).Contains(board.Device));

    /// <summary>One sound serves all neighbours' calls: whatever it is asked for, it is not silenced while one of them waits, unless a person wants it so.</summary>
    private void CheckNotCutShort(SimulatedBoard board, in Sound sound)
    {
        Check("watch not cut short");
        if (sound.Command != "annunciate" && world.Queue.NowUs - Of(board).CalledByHandUs > SoundLateUs && !world.Hub.WasClockWrong && WatchedBy(board, sound.Command) is { } story
            && (story.OpenedAt.AddSeconds(WatchS) - world.Hub.Now.Utc).TotalSeconds is var leftS && sound.Seconds < leftS - 30)
        {
            Fail("I3", board, $"incident {story.Id} calls the neighbours for {leftS:0} s more, and this box is asked for {sound.Command} of {sound.Seconds} s");
        }
    }

    private static long PatternOf(int priority) => priority switch { 1 => 3, 2 => 4, _ => 2 };

    /// <summary>The station's own box: it sounds while a call waits that was raised, as urgently as the most urgent; and not when none does.</summary>
    private void CheckAnnunciator(SimulatedBoard board, int wanted)
    {
        var now = world.Queue.NowUs;
        var isOwed = MayBeTold(board) && !HangsAtSilent(board);

        // As a neighbour's box it may go on for a neighbour's call.
        var wasTold = _soundsNow.Exists(told => told.Board == board && (told.Sound.Seconds > 0 == wanted > 0 || (wanted == 0 && WatchedBy(board, told.Sound.Command) is not null)));
        if (isOwed && (wanted != _wanted || (wanted > 0 && _bornNow.Contains(board.Device))))
        {
            Check("I12 annunciator");
            if (!wasTold)
            {
                Fail("I12", board, wanted > 0 ? $"a call of priority {wanted} waits and was raised, and the station's own box is not asked to sound" : "no call waits any more, and the station's own box is not silenced");
            }
        }

        if (!isOwed || wanted == 0 || !world.Hub.KeepsTime)
        {
            _owedSoundUs.Remove(board.Device);
            return;
        }

        _owedSoundUs.TryAdd(board.Device, now);
        var saidUs = _annunciated.GetValueOrDefault(board.Device) is { Seconds: > 0 } sound ? sound.LeftUs : long.MinValue;
        if (now - Math.Max(saidUs, _owedSoundUs[board.Device]) > SaidAgainUs)
        {
            Fail("I12", board, $"a call of priority {wanted} waits and was raised, and the station's own box was last asked to sound {(now - saidUs) / VirtualTime.Second} s ago");
        }
        else if (_refusedSoundUs.TryGetValue(board.Device, out var refusedUs) && now - Math.Max(refusedUs, _owedSoundUs[board.Device]) > WordAnsweredUs)
        {
            Fail("I12", board, "the station's own box does not annunciate, and is not asked to sound as for a neighbour");
        }
    }

    /// <summary>The neighbours of a loud call to save a life, where consent is recorded: their boxes without that of the call, their loudspeakers without that of the call.</summary>
    private Neighbours? WatchOf(Story story)
    {
        var isLife = story.Kind is IncidentKind.Help or IncidentKind.Smoke or IncidentKind.Gas && story.SplitFrom is null;
        var group = world.Hub.Station.WatchGroups.FirstOrDefault(group => group.CallPointIds.Contains(story.CallPointId) && group.Consents.Any(consent => consent.CallPointId == story.CallPointId));
        return !isLife || group is null ? null : new Neighbours(
            group.Id, story.OpenedAt,
            [.. world.Boards.Where(board => PointOf(board) is var point && point != story.CallPointId && group.CallPointIds.Contains(point)).Select(static board => board.Device)],
            [.. group.Loudspeakers.Where(device => device != story.First.Identity.Device)]);
    }

    private string PointOf(SimulatedBoard board) => world.Hub.Station.FindBoard(board.Device)!.CallPointId;

    /// <summary>Who watches over a call hears of it when it opens, and no longer than until somebody has taken it.</summary>
    private void CheckWatch(Story story)
    {
        if (_openedNow.Contains(story.Id))
        {
            Check("watch called");
            var due = WatchOf(story);
            if (story.Watch?.GroupId != due?.GroupId)
            {
                Fail("I3", null, $"incident {story.Id} ({story.Kind}) was opened at {story.CallPointId}, and the neighbours are {(due is null ? "called, who are not to be" : "not called")}");
                return;
            }

            if (due is null)
            {
                return;
            }

            CheckAllTold(story, due.Boards, "watchAlert", WatchS);
            CheckAllTold(story, due.Loudspeakers, "siren", WatchS);
        }

        if (story.Watch is not { } watch)
        {
            return;
        }

        if (story.IsOpen && watch.StoppedAt is null && !(story.IsWaiting && story.CancelledAt is null))
        {
            Fail("I3", null, $"incident {story.Id} is taken, taken back or merged, and its neighbours' boxes go on");
        }
    }

    private void CheckAllTold(Story story, IEnumerable<string> devices, string command, long seconds)
    {
        foreach (var device in devices)
        {
            if (world.BoardOf(device) is { } board && MayBeTold(board) && !_soundsNow.Exists(told => told.Board == board && told.Sound.Command == command && told.Sound.Seconds == seconds))
            {
                Fail("I3", board, $"incident {story.Id} calls the neighbours, and this one is not asked for {command}");
            }
        }
    }
}
