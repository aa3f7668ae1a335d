using Gateway.Hub.Incidents;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>The hub's tables against each other, at the end: what is told in two places is told alike.</content>
public sealed partial class Watcher
{
    private void CheckTables()
    {
        var disk = world.Hub.Disk.Ledger;
        var (kept, audited) = disk.Events();
        foreach (var row in disk.IncidentColumns())
        {
            Check("I13 events alike");
            if (!_stories.TryGetValue(row.Id, out var story) || !AreAlike(kept[row.Id], audited[row.Id]) || kept[row.Id].Count() != row.Version)
            {
                Fail("I13", null, $"incident {row.Id} is version {row.Version}, its table has {kept[row.Id].Count()} events, the audit chain has {audited[row.Id].Count()}, or they are not the same");
                return;
            }

            Check("I2 columns");
            var told = (row.Id, story.Version, story.Kind.ToString(), story.Stage.ToString(), story.CallPointId, story.OpenedAt.ToUnixTimeMilliseconds(), !story.IsOpen);
            if (row != told)
            {
                Fail("I2", null, $"incident {row.Id} is found by {row}, and is {told}");
                return;
            }

            CheckRecord(story);
        }

        foreach (var (what, here, there) in disk.Twins())
        {
            Check("twins");
            if (here != there)
            {
                Fail("I2", null, $"{here} {what} are on the disk, and their list has {there}");
            }
        }

        foreach (var board in world.Boards)
        {
            Check("counts shown");
            var (signals, missing) = disk.CountsOf(board.Device);
            var shown = world.Hub.Snapshot!.Gateways[board.Device];

            // A count alone is shown with the next tick.
            var isNews = world.Queue.NowUs - Of(board).StoredUs < VirtualTime.Second;
            if ((shown.SignalCount != signals && !isNews) || shown.MissingCount != missing)
            {
                Fail("I1", board, $"{signals} signals of it are on the disk and {missing} numbers are missing there, and {shown.SignalCount} and {shown.MissingCount} are shown");
            }
        }
    }

    /// <summary>Words that were erased are empty in the chain.</summary>
    private static bool AreAlike(IEnumerable<string> kept, IEnumerable<string> audited) =>
        kept.Count() == audited.Count() && kept.Zip(audited).All(static pair => pair.First == pair.Second || pair.Second.Length == 0);
}
