using System.Globalization;
using Gateway.World.Hub;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>
/// I13: what somebody must answer for later is in the audit chain. Numbers that are missing or came after all, conflicts, lost journals: each is a line of its gateway's
/// page; the first of a kind is an entry of the chain in the same commit, what follows within the hour is counted, and one entry then says how many it was
/// (simulator/Hub/README.md). The count of a running hour dies with its process.
/// </content>
public sealed partial class Watcher
{
    private const string CountedWord = " more within the hour";

    /// <summary>An hour and the tick that ends it, on a disk that takes its time.</summary>
    private const long FactHourUs = VirtualTime.Hour;
    private const long FactTickUs = 30 * VirtualTime.Second;

    private readonly Dictionary<(string Device, string Kind), FactHour> _factHours = [];
    private readonly Queue<((string Device, string Kind) Key, FactHour Hour)> _factEnds = new();

    /// <summary>The hour behind an entry of the chain.</summary>
    private sealed class FactHour(long sinceUs)
    {
        public long SinceUs => sinceUs;

        /// <summary>What happened since that entry, by the page.</summary>
        public long More { get; set; }
    }

    /// <summary>What is new in this commit, on the gateways' pages and in the chain.</summary>
    private void FollowFacts()
    {
        var (lines, entries) = world.Hub.Disk.Ledger.ReadNewFacts();
        if (lines.Count + entries.Count == 0)
        {
            return;
        }

        foreach (var key in lines.Concat(entries.Select(static entry => (entry.Device, entry.Kind))).Distinct().ToList())
        {
            CheckFact(key, lines.LongCount(line => line == key), entries.FindAll(entry => (entry.Device, entry.Kind) == key));
        }
    }

    private void CheckFact((string Device, string Kind) key, long lines, List<DiskFact> entries)
    {
        Check("I13 facts");
        var hour = _factHours.GetValueOrDefault(key);
        foreach (var entry in entries)
        {
            var told = CountIn(entry.Content);
            var (least, most) = told is null ? (1, lines) : (hour?.More ?? 0, (hour?.More ?? 0) + lines);
            if ((told ?? 1) < least || (told ?? 1) > most)
            {
                Fail("I13", world.BoardOf(key.Device), $"the chain says \"{entry.Content}\" of {key.Kind}, and its page has {least} to {most} lines since the entry before");
                return;
            }

            if (told is null && hour is not null && world.Queue.NowUs - hour.SinceUs < FactHourUs - FactTickUs)
            {
                Fail("I13", world.BoardOf(key.Device), $"the chain has an entry of {key.Kind} of its own, and the hour since {VirtualTime.Text(hour.SinceUs)} is not over: a flood would fill it");
            }

            lines -= told is null ? 1 : told.Value - (hour?.More ?? 0);
            _factHours[key] = hour = new FactHour(world.Queue.NowUs);
            _factEnds.Enqueue((key, hour));
        }

        if (lines > 0 && hour is null)
        {
            Fail("I13", world.BoardOf(key.Device), $"its page has {lines} lines of {key.Kind}, and the chain has none");
        }
        else if (hour is not null)
        {
            hour.More += lines;
        }
    }

    /// <summary>How many an entry counts; null when it tells of one.</summary>
    private static long? CountIn(string content) => content.IndexOf(CountedWord, StringComparison.Ordinal) is > 0 and var at
        && long.TryParse(content.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>Every second: hours that are over were told, if anything happened in them.</summary>
    private void CheckFactHours(long steadyUs)
    {
        while (_factEnds.TryPeek(out var end) && world.Queue.NowUs - Math.Max(end.Hour.SinceUs + FactHourUs, steadyUs) > FactTickUs)
        {
            _factEnds.Dequeue();
            if (_factHours.GetValueOrDefault(end.Key) != end.Hour)
            {
                continue;
            }

            Check("I13 fact hours");
            _factHours.Remove(end.Key);
            if (end.Hour.More > 0)
            {
                Fail("I13", world.BoardOf(end.Key.Device), $"its page has {end.Hour.More} further lines of {end.Key.Kind} since {VirtualTime.Text(end.Hour.SinceUs)}, the hour is over, and the chain does not tell of them");
            }
        }
    }

    private void ForgetFacts()
    {
        _factHours.Clear();
        _factEnds.Clear();
    }
}
