using System.Collections.Frozen;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>Shortest ways over the station's roads for one means of travel.</summary>
public sealed class RoadGraph
{
    /// <summary>Way from a place in a village to another place in the same village, km: nobody is there at once.</summary>
    public const double WithinVillageKm = 1;

    private readonly FrozenDictionary<string, List<(string To, double Km)>> neighbours;

    public RoadGraph(Station station, TravelMeans means)
    {
        var roads = new Dictionary<string, List<(string, double)>>(StringComparer.Ordinal);
        foreach (var road in station.Roads.Where(road => road.Means.IsEmpty || road.Means.Contains(means)))
        {
            Add(road.From, road.To, road.Km);
            Add(road.To, road.From, road.Km);
        }

        neighbours = roads.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string from, string to, double km)
        {
            if (!roads.TryGetValue(from, out var list))
            {
                roads[from] = list = [];
            }

            list.Add((to, km));
        }
    }

    /// <summary>Km to every village that can be reached; <see cref="WithinVillageKm"/> to the start itself.</summary>
    public IReadOnlyDictionary<string, double> From(string villageId)
    {
        var settled = new Dictionary<string, double>(StringComparer.Ordinal);
        var queue = new PriorityQueue<string, double>();
        queue.Enqueue(villageId, 0);
        while (queue.TryDequeue(out var village, out var km))
        {
            if (!settled.TryAdd(village, km))
            {
                continue;
            }

            foreach (var (to, roadKm) in neighbours.GetValueOrDefault(village) ?? [])
            {
                if (!settled.ContainsKey(to))
                {
                    queue.Enqueue(to, km + roadKm);
                }
            }
        }

        settled[villageId] = WithinVillageKm;
        return settled;
    }
}
