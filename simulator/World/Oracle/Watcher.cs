using System.Runtime.InteropServices;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <summary>
/// The oracle: an independent ledger of every press, held against what lamps show, what the wire carries and what is on the hub's disk. It changes nothing and
/// draws no chance. The first broken promise ends the run.
/// </summary>
public sealed partial class Watcher(Simulation world)
{
    /// <summary>How long a board may take to do something about a press: qualifying it, and the worst stalls of flash in a row.</summary>
    private const long DecideUs = 3 * VirtualTime.Second;

    /// <summary>A board that has just started is still looking at its inputs for the first time.</summary>
    private const long StartingUs = VirtualTime.Second;

    private const int StoryLines = 60;

    private readonly BoardLedger[] _ledgers = [.. Enumerable.Range(0, SimulationOptions.BoardsMax).Select(static _ => new BoardLedger())];

    /// <summary>By the literal itself, which is one object wherever it is written: tens of millions of looks are counted.</summary>
    private readonly Dictionary<object, long> _checks = new(ReferenceEqualityComparer.Instance);

    /// <summary>The first broken promise.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>How often each rule was applied to a fact.</summary>
    public IReadOnlyDictionary<string, long> Checks => new SortedDictionary<string, long>(_checks.ToDictionary(static check => (string)check.Key, static check => check.Value, StringComparer.Ordinal), StringComparer.Ordinal);

    public long Presses { get; private set; }

    internal void Fail(string invariant, SimulatedBoard? board, string text)
    {
        if (Violation is not null)
        {
            return;
        }

        var options = world.Options;
        var story = world.Trace.Story(board?.Number ?? Trace.HubParty, StoryLines, StoryLines / 4);
        if (IncidentIn(text) is { } incident && world.Hub.IsUp)
        {
            story = [.. story, $"-- what is on the disk of incident {incident}, oldest first", .. world.Hub.Disk.Ledger.EventsOf(incident, StoryLines)];
        }

        var ran = options with { Duration = TimeSpan.FromMicroseconds(world.FaultsEndUs) };
        Violation = new Violation(invariant, board is null ? text : $"{board.Device}: {text}", ran, world.Queue.NowUs, story);
    }

    /// <summary>The incident that a text speaks of; null when it speaks of none.</summary>
    private static long? IncidentIn(string text)
    {
        const string word = "incident ";
        var digits = text.AsSpan(text.IndexOf(word, StringComparison.Ordinal) is >= 0 and var at ? at + word.Length : text.Length);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(end < 0 ? digits : digits[..end], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    /// <summary>This board may leave out polls in which nothing changes: no press waits for a look at what became of it.</summary>
    internal bool MayMiss(SimulatedBoard board) => Of(board).Undecided.Count == 0;

    private void Check(string invariant) => CollectionsMarshal.GetValueRefOrAddDefault(_checks, invariant, out _)++;

    private BoardLedger Of(SimulatedBoard board) => _ledgers[board.Number];

    /// <summary>The push of this board that a signal tells of: same boot, same moment of the board's own clock. Null when nobody pushed.</summary>
    private Press? Match(BoardLedger ledger, SignalMessage signal)
    {
        // A board sees a push when it next looks: at once, or after the worst stall.
        const long earlyMs = 100;
        const long lateMs = DecideUs / VirtualTime.Ms;
        var silent = signal.Kind == "silent";
        for (var i = ledger.Presses.Count - 1; i >= 0; i--)
        {
            var press = ledger.Presses[i];
            var after = signal.Time.UpMs - press.LocalMs;
            if (press.Silent == silent && after >= -earlyMs && after <= lateMs && IsOfBoot(ledger, press.Incarnation, signal))
            {
                return press;
            }
        }

        return null;
    }
}
