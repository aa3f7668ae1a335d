using Gateway.Hub.Stations;

namespace Gateway.Hub.Field;

/// <summary>All that the hub keeps of a shared place: the village nearest to it. The coordinates are forgotten with the request. Pure.</summary>
public static class NearestVillage
{
    /// <summary>Who is farther from every village than this is not in the station's area; a village's name would say something false of them.</summary>
    public const double AwayMaxKm = 60;

    private const double KmPerDegree = 111.2;

    /// <summary>Null where no village is within <see cref="AwayMaxKm"/>. Equirectangular: right to a percent over such distances.</summary>
    /// <param name="latitude">-90..90 degrees.</param>
    /// <param name="longitude">-180..180 degrees.</param>
    public static Village? Of(Station station, double latitude, double longitude)
    {
        double KmTo(Village village) => KmPerDegree * double.Hypot(village.Latitude - latitude, (village.Longitude - longitude) * Math.Cos(latitude * Math.PI / 180));
        return station.Villages.Where(village => KmTo(village) <= AwayMaxKm).MinBy(KmTo);
    }
}
