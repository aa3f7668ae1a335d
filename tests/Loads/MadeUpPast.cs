using Gateway.Cli.Demo;
using Gateway.Hub;
using Gateway.Hub.Audit;
using Gateway.Hub.Incidents;
using Gateway.Hub.Statistics;
using Gateway.Hub.Storage;
using Gateway.Loads.History;
using Microsoft.Data.Sqlite;

namespace Gateway.Loads.Tests;

/// <summary>The past of a demo and of the benchmark is what the rules would have left, and says that it is made up.</summary>
public sealed class MadeUpPast : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-past-").FullName;

    [Fact]
    public void A_made_up_past_is_what_the_rules_and_a_recount_would_have_left()
    {
        var station = DemoHost.LoadDemoStation();
        DemoPast.MakeUp(_folder, station, Now);
        using var connection = HubDatabase.ConnectForReading(_folder);
        var incidents = connection.Rows("SELECT json FROM incidents ORDER BY id", r => IncidentJson.ReadIncident(r.GetString(0)));
        Assert.InRange(incidents.Count, 500, 600);
        var told = new Dictionary<CountKey, long>();
        foreach (var incident in incidents)
        {
            var events = connection.Rows("SELECT json FROM incident_events WHERE incident_id = $1 ORDER BY version", r => IncidentJson.ReadEvent(r.GetString(0)), incident.Id);
            Assert.All(events, happened => Assert.True(happened.Actor is GeneratedPast.Actor or "clock" || happened.Actor.StartsWith("gw/", StringComparison.Ordinal), happened.Actor));
            Assert.Equal(IncidentJson.Write(incident), IncidentJson.Write(IncidentRules.Evolve(null, events)!));
            Assert.False(incident.IsOpen);
        }

        foreach (var key in connection.Rows($"SELECT {WorkTables.FactColumns} FROM incident_facts", WorkTables.ReadFact).SelectMany(fact => FactCounts.Of(fact, station)))
        {
            told[key] = told.GetValueOrDefault(key) + 1;
        }

        var kept = connection.Rows("SELECT month, figure, key, n FROM counts", r => (Key: new CountKey(r.GetInt32(0), r.GetString(1), r.GetString(2)), N: r.GetInt64(3))).ToDictionary(entry => entry.Key, entry => entry.N);
        Assert.Equal(told, kept);
        Assert.True(AuditChain.Verify(connection).Whole);
    }

    [Fact]
    public void A_past_is_made_up_in_a_new_folder_only_and_marks_it()
    {
        var station = DemoHost.LoadDemoStation();
        Assert.Same(station, DemoPast.Marked(_folder, station));
        DemoPast.MakeUp(_folder, station, Now);

        Assert.Contains("made up", DemoPast.Marked(_folder, station).DataNote.En, StringComparison.Ordinal);
        Assert.Throws<DataFolderException>(() => DemoPast.MakeUp(_folder, station, Now));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
