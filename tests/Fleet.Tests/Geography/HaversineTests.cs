using CsCheck;
using Fleet.Geography;

namespace Fleet.Tests.Geography;

public sealed class HaversineTests
{
    private static readonly Gen<Place> Places =
        Gen.Select(Gen.Double[6, 38], Gen.Double[68, 98], (latitude, longitude) => new Place { Latitude = latitude, Longitude = longitude });

    /// <summary>One degree along a meridian is a 360th of the circumference, whatever the longitude.</summary>
    [Fact]
    public void A_degree_of_latitude_is_a_360th_of_the_meridian() =>
        Assert.Equal(2 * Math.PI * 6371.0088 / 360, Haversine.DistanceKm(At(18, 72.8), At(19, 72.8)), precision: 6);

    /// <summary>A degree of longitude shrinks with the cosine of the latitude.</summary>
    [Fact]
    public void At_sixty_degrees_a_degree_of_longitude_is_half_as_long_as_at_the_equator() =>
        Assert.Equal(0.5, Haversine.DistanceKm(At(60, 10), At(60, 10.01)) / Haversine.DistanceKm(At(0, 10), At(0, 10.01)), precision: 6);

    [Fact]
    public void It_is_a_distance() => Gen.Select(Places, Places, Places).Sample((a, b, c) =>
    {
        Assert.Equal(0, Haversine.DistanceKm(a, a));
        Assert.Equal(Haversine.DistanceKm(a, b), Haversine.DistanceKm(b, a), tolerance: 1e-9);
        Assert.True(Haversine.DistanceKm(a, c) <= Haversine.DistanceKm(a, b) + Haversine.DistanceKm(b, c) + 1e-6);
    });

    [Fact]
    public void Antipodes_are_half_a_circumference_apart() =>
        Assert.Equal(Math.PI * 6371.0088, Haversine.DistanceKm(At(19, 73), At(-19, -107)), precision: 6);

    private static Place At(double latitude, double longitude) => new() { Latitude = latitude, Longitude = longitude };
}
