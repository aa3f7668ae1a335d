using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Loads.History;

/// <summary>
/// Takes the indexes of the large tables away while they are filled, and makes them again. For a database that nobody uses and that can be made anew: until
/// <see cref="Make"/> has returned it is not a hub's.
/// </summary>
internal sealed class IndexesLater : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly List<(string Name, string Sql)> _indexes;

    public IndexesLater(HubDatabase database)
    {
        _connection = database.Connect();
        _indexes = _connection.Rows(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('incidents', 'incident_facts', 'audit')", r => (r.GetString(0), r.GetString(1)));
        foreach (var (name, _) in _indexes)
        {
            _connection.Execute($"DROP INDEX {name}");
        }
    }

    public void Make()
    {
        foreach (var (_, sql) in _indexes)
        {
            _connection.Execute(sql);
        }
    }

    public void Dispose() => _connection.Dispose();
}
