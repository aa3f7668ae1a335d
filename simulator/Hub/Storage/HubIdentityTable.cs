using System.Security.Cryptography;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Storage;

/// <summary>Who this database's hub is, drawn at its first start and kept for good (table <c>meta</c>).</summary>
internal static class HubIdentityTable
{
    public static ulong HubIdOf(HubDatabase database)
    {
        using var connection = database.Connect();
        connection.Execute("INSERT INTO meta (name, value) VALUES ('hub', $1) ON CONFLICT DO NOTHING", RandomNumberGenerator.GetHexString(16, lowercase: true));
        return Convert.ToUInt64(connection.ScalarText("SELECT value FROM meta WHERE name = 'hub'"), 16);
    }

    /// <summary>The first station at the first start with a program that knows of several: whose everything is that was stored before.</summary>
    public static string HomeOf(HubDatabase database, StationBook stations)
    {
        using var connection = database.Connect();
        connection.Execute("INSERT INTO meta (name, value) VALUES ('home_station', $1) ON CONFLICT DO NOTHING", stations.First.Id);
        return connection.ScalarText("SELECT value FROM meta WHERE name = 'home_station'")!;
    }
}
