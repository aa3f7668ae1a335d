using Gateway.Hub.Stations;

namespace Gateway.Hub.Tests.Stations;

/// <summary>The project's own station files, as the tests read them.</summary>
internal static class Seeds
{
    public static string Folder { get; } = FindFolder();

    /// <summary>Without its patrol plan: most tests are about calls, and count what else is there.</summary>
    public static Station Sumitu { get; } = WithoutPatrol(Load("sumitu.yaml"));

    /// <summary>Two stations of one banner, neighbours of each other.</summary>
    public static StationBook Urad { get; } = new([Load("urad-north.yaml"), Load("urad-south.yaml")]);

    public static Station Load(string file)
    {
        var result = StationLoader.Load(Path.Combine(Folder, "stations", file));
        return result.Station ?? throw new InvalidOperationException(string.Join("\n", result.Errors));
    }

    private static Station WithoutPatrol(Station station) => station with { Patrol = station.Patrol with { Points = [], Lines = [] } };

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return Path.Combine(folder.FullName, "seeds");
            }
        }

        throw new InvalidOperationException("No Gateway.sln above " + AppContext.BaseDirectory);
    }
}
