using Fleet.Geography;

namespace Fleet.Deliveries;

/// <summary>Where riders wait for parcels.</summary>
internal sealed record Hub(string Name, Place Place, int Riders)
{
    /// <summary>The hubs of Mumbai: railway stations, as the dabbawalas have it.</summary>
    public static IReadOnlyList<Hub> Mumbai { get; } =
    [
        At("churchgate", 18.9353, 72.8272, riders: 3),
        At("dadar", 19.0186, 72.8436, riders: 4),
        At("bandra", 19.0544, 72.8406, riders: 3),
        At("andheri", 19.1197, 72.8464, riders: 4),
        At("borivali", 19.2290, 72.8570, riders: 3),
        At("ghatkopar", 19.0856, 72.9081, riders: 3),
        At("thane", 19.1860, 72.9758, riders: 3),
        At("vashi", 19.0630, 72.9988, riders: 3),
    ];

    private static Hub At(string name, double latitude, double longitude, int riders) =>
        new(name, new Place { Latitude = latitude, Longitude = longitude }, riders);
}
