using Gateway.Hub;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Loads.History;

namespace Gateway.Cli.Demo;

/// <summary>
/// A made-up past for a demo: thirteen months of calls, so that each figure has a month and a year to be compared with. A demo's own calls come from virtual boards and
/// count nowhere; so what its statistics show is made up, and nothing of it is ever mixed with what was counted. A hub that is not a demo has no way to it.
/// </summary>
internal static class DemoPast
{
    private const string MarkFile = "generated-past.txt";
    private const int Incidents = 600;
    private const int Days = 400;

    /// <summary>Calls of so many days are weighed by the early warning when the hub starts.</summary>
    private const int WarnedDays = 10;

    private const int Seed = 20_261;

    /// <exception cref="HubStartException">The folder has data already.</exception>
    public static void MakeUp(string dataFolder, Station station, DateTimeOffset now)
    {
        if (File.Exists(Path.Combine(dataFolder, HubDatabase.FileName)))
        {
            throw new DataFolderException($"A past is made up in a new data folder only, and {dataFolder} has data already. The switch is --data.");
        }

        // Beside its place, and moved there when it is whole: a power cut leaves no half of a past. The mark goes before it, so that there is none without one.
        var making = Path.Combine(dataFolder, "generated-past.tmp");
        HubDatabase.PrepareFolder(dataFolder);
        if (Directory.Exists(making))
        {
            Directory.Delete(making, recursive: true);
        }

        var database = HubDatabase.Open(making);
        new GeneratedPast(station, new PastPlan(Incidents, TimeSpan.FromDays(Days), Open: 0, StoryEvery: 1, OnlyClosed: true, WarnedDays, Seed)).Write(database, now);
        database.Close();
        File.WriteAllText(Path.Combine(dataFolder, MarkFile), "The incidents by the actor 'generated' in this folder are made up (gateway demo --history).\n");
        File.Move(Path.Combine(making, HubDatabase.FileName), Path.Combine(dataFolder, HubDatabase.FileName));
        Directory.Delete(making, recursive: true);
    }

    public static bool IsIn(string dataFolder) => File.Exists(Path.Combine(dataFolder, MarkFile));

    /// <summary>The station, with a note for the screens where its past is made up.</summary>
    public static Station Marked(string dataFolder, Station station) => IsIn(dataFolder)
        ? station with { DataNote = new LocalText(station.DataNote.Zh + " 历史事件、统计和预警均为演示生成。", station.DataNote.En + " Past incidents, statistics and warnings are made up for the demo.") }
        : station;
}
