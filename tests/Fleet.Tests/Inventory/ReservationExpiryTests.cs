using Fleet.Inventory;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Tests.Inventory;

public sealed class ReservationExpiryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Warehouse _warehouse;

    public ReservationExpiryTests() => _warehouse = new([new("A", 10, 1)], _time);

    [Fact]
    public void Goods_that_wait_too_long_go_back_and_can_no_longer_be_sold()
    {
        Reserve("o-1", 3);
        _time.Advance(Warehouse.HoldFor - TimeSpan.FromSeconds(1));
        Assert.Empty(_warehouse.Expire());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_warehouse.Sell("o-1")); // also before the sweep has come by
        Assert.Equal(["o-1"], _warehouse.Expire());

        Assert.Equal(10, _warehouse.Level("A")!.Available);
        Assert.Empty(_warehouse.Expire());
        Assert.False(_warehouse.Release("o-1"));
    }

    [Fact]
    public void Goods_that_are_sold_do_not_expire_and_go_back_when_the_order_is_cancelled()
    {
        Reserve("o-1", 3);
        Assert.True(_warehouse.Sell("o-1"));
        Assert.True(_warehouse.Sell("o-1"));
        _time.Advance(Warehouse.HoldFor * 2);
        Assert.Empty(_warehouse.Expire());
        Assert.Equal(7, _warehouse.Level("A")!.Available);

        Assert.True(_warehouse.Release("o-1"));

        Assert.Equal(10, _warehouse.Level("A")!.Available);
    }

    [Fact]
    public void A_low_level_is_told_once_and_filled_up_later()
    {
        Reserve("o-1", 9);
        Assert.Equal("A", Assert.Single(_warehouse.Refill()).Sku);
        Assert.Empty(_warehouse.Refill());

        _time.Advance(Warehouse.RefillAfter);
        Assert.Empty(_warehouse.Refill());

        Assert.Equal(10, _warehouse.Level("A")!.Available);
    }

    [Fact]
    public void What_comes_back_meanwhile_is_kept_beside_the_refill()
    {
        Reserve("o-1", 9);
        _warehouse.Refill();
        _warehouse.Release("o-1");
        _time.Advance(Warehouse.RefillAfter);

        _warehouse.Refill();

        Assert.Equal(10, _warehouse.Level("A")!.Available);
    }

    private void Reserve(string order, int pieces) => Assert.IsType<ReserveOutcome.Reserved>(_warehouse.Reserve(order, [new ReservationLine { Sku = "A", Quantity = pieces }]));
}
