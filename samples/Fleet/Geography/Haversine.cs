namespace Fleet.Geography;

/// <summary>
/// Distance on a sphere by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984).
/// </summary>
internal static class Haversine
{
    // Mean radius of the earth (IUGG).
    private const double EarthRadiusKm = 6371.0088;

    /// <summary>Kilometres along the great circle.</summary>
    public static double DistanceKm(Place from, Place to)
    {
        var latitudes = double.DegreesToRadians(to.Latitude - from.Latitude);
        var longitudes = double.DegreesToRadians(to.Longitude - from.Longitude);
        var shrinking = Math.Cos(double.DegreesToRadians(from.Latitude)) * Math.Cos(double.DegreesToRadians(to.Latitude));
        var haversine = Square(Math.Sin(latitudes / 2)) + (shrinking * Square(Math.Sin(longitudes / 2)));
        // Rounding can push antipodes just over 1, where the arc sine ends.
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(haversine)));
    }

    private static double Square(double x) => x * x;
}
