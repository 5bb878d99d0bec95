using CsCheck;
using Fleet.Inventory;
using Fleet.Products;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Tests.Inventory;

public sealed class WarehouseTests
{
    private static readonly StockLevel[] Opening = [new("A", 10, 1), new("B", 5, 1)];

    private readonly Warehouse _warehouse = new(Opening, new FakeTimeProvider());

    [Fact]
    public void Whatever_is_reserved_and_released_no_piece_is_lost_sold_twice_or_made()
    {
        var line = Gen.Select(Gen.Bool, Gen.Int[1, 7], (a, quantity) => Of(a ? "A" : "B", quantity));
        var operation = Gen.Select(Gen.Bool, Gen.Int[1, 5], line.Array[1, 3]);
        operation.Array[1, 40].Sample(operations =>
        {
            var warehouse = new Warehouse(Opening, new FakeTimeProvider());
            var held = new Dictionary<string, IReadOnlyList<ReservationLine>>();
            foreach (var (reserve, number, lines) in operations)
            {
                var order = $"o-{number}";
                if (reserve)
                {
                    if (warehouse.Reserve(order, lines) is ReserveOutcome.Reserved reserved)
                    {
                        held[order] = reserved.Reservation.Lines;
                    }
                }
                else
                {
                    Assert.Equal(held.Remove(order), warehouse.Release(order));
                }

                foreach (var level in Opening)
                {
                    var available = warehouse.Level(level.Sku)!.Available;
                    Assert.True(available >= 0);
                    Assert.Equal(level.Available, available + held.Values.SelectMany(l => l).Where(l => l.Sku == level.Sku).Sum(l => l.Quantity));
                }
            }
        });
    }

    [Fact]
    public void A_line_that_can_not_be_met_leaves_the_others_on_the_shelf()
    {
        var outcome = _warehouse.Reserve("o-1", [Of("A", 3), Of("B", 6)]);

        Assert.Equal(new ReserveOutcome.OutOfStock(1), outcome);
        Assert.Equal(10, _warehouse.Level("A")!.Available);
    }

    [Fact]
    public void Two_lines_of_the_same_goods_are_added_up() =>
        Assert.Equal(new ReserveOutcome.OutOfStock(1), _warehouse.Reserve("o-1", [Of("A", 6), Of("A", 5)]));

    [Fact]
    public void Asking_again_for_the_same_takes_nothing_more()
    {
        _warehouse.Reserve("o-1", [Of("A", 3)]);

        Assert.IsType<ReserveOutcome.Reserved>(_warehouse.Reserve("o-1", [Of("A", 3)]));
        Assert.IsType<ReserveOutcome.ReservedOtherwise>(_warehouse.Reserve("o-1", [Of("A", 4)]));
        Assert.Equal(7, _warehouse.Level("A")!.Available);
    }

    [Fact]
    public void A_count_counts_only_when_nobody_changed_the_level_meanwhile()
    {
        _warehouse.Reserve("o-1", [Of("A", 3)]);

        Assert.Equal((new StockLevel("A", 7, 2), false), _warehouse.Count("A", 50, expectedVersion: 1));
        Assert.Equal((new StockLevel("A", 50, 3), true), _warehouse.Count("A", 50, expectedVersion: 2));
        Assert.Null(_warehouse.Count("Z", 1, expectedVersion: 1));
    }

    [Fact]
    public void Everything_in_the_catalogue_is_stocked() => Assert.Equal(
        Catalogue.Search("", cursor: null, limit: 1000).Items.Select(p => p.Sku),
        OpeningStock.Levels.Select(l => l.Sku));

    private static ReservationLine Of(string sku, int quantity) => new() { Sku = sku, Quantity = quantity };
}
