using Fleet.Hosting;

namespace Fleet.Inventory;

/// <summary>
/// What is on the shelf and what is set aside. A reservation takes its goods off the shelf and puts them back when it is released; one that
/// is never released is a sale.
/// </summary>
internal sealed class Warehouse(IEnumerable<StockLevel> opening, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StockLevel> _levels = opening.ToDictionary(l => l.Sku);
    private readonly RecentItems<string, Reservation> _reservations = new();

    public StockLevel? Level(string sku)
    {
        lock (_gate)
        {
            return _levels.GetValueOrDefault(sku);
        }
    }

    /// <summary>Sets aside all lines or none. The same order asking again for the same gets the reservation that it has.</summary>
    public ReserveOutcome Reserve(string orderId, IReadOnlyList<ReservationLine> lines)
    {
        lock (_gate)
        {
            if (_reservations.TryGet(orderId, out var earlier))
            {
                return earlier.Lines.SequenceEqual(lines) ? new ReserveOutcome.Reserved(earlier) : new ReserveOutcome.ReservedOtherwise();
            }

            for (var i = 0; i < lines.Count; i++)
            {
                if (!_levels.TryGetValue(lines[i].Sku, out var level))
                {
                    return new ReserveOutcome.UnknownSku(i);
                }

                // A SKU may stand in two lines; what the lines before this one take counts as well.
                if (lines.Take(i + 1).Where(l => l.Sku == level.Sku).Sum(l => l.Quantity) > level.Available)
                {
                    return new ReserveOutcome.OutOfStock(i);
                }
            }

            var reservation = new Reservation(orderId, lines, time.GetUtcNow());
            Move(lines, sign: -1);
            _reservations.Set(orderId, reservation);
            return new ReserveOutcome.Reserved(reservation);
        }
    }

    /// <summary>Puts an order's goods back; nothing happens when it has none, so that a release can be repeated.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Release(string orderId)
    {
        lock (_gate)
        {
            if (!_reservations.TryGet(orderId, out var reservation))
            {
                return false;
            }

            Move(reservation.Lines, sign: +1);
            _reservations.Remove(orderId);
            return true;
        }
    }

    /// <summary>Replaces a level that nobody changed since it was read.</summary>
    /// <returns>The level now, and whether it was replaced; null when there is no such SKU.</returns>
    public (StockLevel Level, bool Replaced)? Count(string sku, int available, long expectedVersion)
    {
        lock (_gate)
        {
            if (!_levels.TryGetValue(sku, out var level))
            {
                return null;
            }

            if (level.Version != expectedVersion)
            {
                return (level, false);
            }

            return (_levels[sku] = new StockLevel(sku, available, level.Version + 1), true);
        }
    }

    private void Move(IReadOnlyList<ReservationLine> lines, int sign)
    {
        foreach (var line in lines)
        {
            var level = _levels[line.Sku];
            _levels[line.Sku] = level with { Available = level.Available + (sign * line.Quantity), Version = level.Version + 1 };
        }
    }
}

/// <summary>What became of a wish to reserve.</summary>
internal abstract record ReserveOutcome
{
    /// <summary>The goods are set aside.</summary>
    public sealed record Reserved(Reservation Reservation) : ReserveOutcome;

    /// <summary>The order has a reservation of other goods.</summary>
    public sealed record ReservedOtherwise : ReserveOutcome;

    /// <summary>The line at this index names nothing that is stocked.</summary>
    public sealed record UnknownSku(int Line) : ReserveOutcome;

    /// <summary>Too few pieces for the line at this index.</summary>
    public sealed record OutOfStock(int Line) : ReserveOutcome;
}
