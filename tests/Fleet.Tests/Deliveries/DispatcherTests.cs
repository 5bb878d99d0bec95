using Fleet.Deliveries;
using Fleet.Geography;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Tests.Deliveries;

public sealed class DispatcherTests
{
    private static readonly Place Near = new() { Latitude = 19.00, Longitude = 72.80 };
    private static readonly Hub[] Hubs =
    [
        new("near", new Place { Latitude = 19.01, Longitude = 72.80 }, Riders: 1),
        new("far", new Place { Latitude = 19.03, Longitude = 72.80 }, Riders: 1),
    ];

    private readonly FakeTimeProvider _time = new();
    private readonly Dispatcher _dispatcher;

    public DispatcherTests() => _dispatcher = new Dispatcher(Hubs, _time);

    [Fact]
    public void The_nearest_rider_goes_first_and_the_next_while_the_first_is_out()
    {
        Assert.Equal("r-near-1", _dispatcher.Assign("o-1", Near)!.Rider);
        Assert.Equal("r-far-1", _dispatcher.Assign("o-2", Near)!.Rider);
    }

    /// <summary>
    /// The near rider is out for 17.6 minutes: 8 of pick-up and two ways of 1.11 km × 1.3 at 18 km/h. The far one needs 9.6 minutes more to
    /// get there, so that it is better to wait for the near one from 8.0 minutes on.
    /// </summary>
    [Theory]
    [InlineData(7, "r-far-1")]
    [InlineData(9, "r-near-1")]
    public void A_rider_who_is_back_soon_is_better_than_one_far_away(int minutesLater, string rider)
    {
        _dispatcher.Assign("o-1", Near);
        _time.Advance(TimeSpan.FromMinutes(minutesLater));

        Assert.Equal(rider, _dispatcher.Assign("o-2", Near)!.Rider);
    }

    [Fact]
    public void The_arrival_is_pick_up_and_travel_from_now()
    {
        var delivery = _dispatcher.Assign("o-1", Near)!;

        Assert.Equal(1.11, delivery.DistanceKm);
        var minutes = (delivery.EtaAt - _time.GetUtcNow()).TotalMinutes;
        Assert.Equal(8 + (Haversine.DistanceKm(Hubs[0].Place, Near) * 1.3 / 18 * 60), minutes, tolerance: 1e-6);
    }

    [Fact]
    public void An_order_has_one_delivery()
    {
        var first = _dispatcher.Assign("o-1", Near);

        Assert.Same(first, _dispatcher.Assign("o-1", Near));
        Assert.Equal("r-far-1", _dispatcher.Assign("o-2", Near)!.Rider);
    }

    [Fact]
    public void Too_far_from_every_hub_is_not_served() =>
        Assert.Null(_dispatcher.Assign("o-1", new Place { Latitude = 18.5, Longitude = 73.8 }));

    [Fact]
    public void A_delivery_is_called_off_once()
    {
        _dispatcher.Assign("o-1", Near);

        Assert.True(_dispatcher.Cancel("o-1"));
        Assert.False(_dispatcher.Cancel("o-1"));
        Assert.False(_dispatcher.Cancel("o-9"));
        Assert.Equal(DeliveryStatus.Cancelled, _dispatcher.Find("o-1")!.Status);
    }
}
