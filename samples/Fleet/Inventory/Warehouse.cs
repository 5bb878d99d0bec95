using Fleet.Hosting;

namespace Fleet.Inventory;

/// <summary>
/// What is on the shelf and what is set aside. A reservation takes its goods off the shelf. It is sold when the order says so in time; else its
/// goods go back, when it is released or after <see cref="HoldFor"/>: an order that nobody finishes must not keep goods for ever. Levels that fall
/// under a fifth of the opening stock are low, and are filled up after <see cref="RefillAfter"/>.
/// </summary>
internal sealed class Warehouse(IEnumerable<StockLevel> opening, TimeProvider time)
{
    /// <summary>How long goods wait for their order.</summary>
    public static readonly TimeSpan HoldFor = TimeSpan.FromMinutes(15);

    /// <summary>How long a supplier takes.</summary>
    public static readonly TimeSpan RefillAfter = TimeSpan.FromMinutes(2);

    private const int LowShare = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _opening = opening.ToDictionary(l => l.Sku, l => l.Available);
    private readonly Dictionary<string, StockLevel> _levels = opening.ToDictionary(l => l.Sku);
    private readonly Dictionary<string, Reservation> _held = [];
    private readonly RecentItems<string, Reservation> _sold = new();
    private readonly Dictionary<string, DateTimeOffset> _low = [];

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
            if (Find(orderId) is { } earlier)
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

            var now = time.GetUtcNow();
            var reservation = new Reservation(orderId, lines, now, now + HoldFor);
            Move(lines, sign: -1);
            _held[orderId] = reservation;
            return new ReserveOutcome.Reserved(reservation);
        }
    }

    /// <summary>Sells what an order has set aside. It can be repeated.</summary>
    /// <returns>False when nothing is set aside for the order, or no longer.</returns>
    public bool Sell(string orderId)
    {
        lock (_gate)
        {
            if (_sold.TryGet(orderId, out _))
            {
                return true;
            }

            if (!_held.TryGetValue(orderId, out var reservation) || reservation.ExpiresAt <= time.GetUtcNow())
            {
                return false; // an expired one is put back by the next sweep
            }

            _held.Remove(orderId);
            _sold.Set(orderId, reservation with { ExpiresAt = null });
            return true;
        }
    }

    /// <summary>Puts an order's goods back, sold or not; nothing happens when it has none, so that a release can be repeated.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Release(string orderId)
    {
        lock (_gate)
        {
            if (Find(orderId) is not { } reservation)
            {
                return false;
            }

            Move(reservation.Lines, sign: +1);
            _held.Remove(orderId);
            _sold.Remove(orderId);
            return true;
        }
    }

    /// <summary>Puts back what waited too long.</summary>
    /// <returns>The orders whose goods were put back.</returns>
    public IReadOnlyList<string> Expire()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            string[] expired = [.. _held.Values.Where(r => r.ExpiresAt <= now).Select(r => r.OrderId)];
            foreach (var order in expired)
            {
                _held.Remove(order, out var reservation);
                Move(reservation!.Lines, sign: +1);
            }

            return expired;
        }
    }

    /// <summary>Notes what has become low, and fills up what has been low for long enough.</summary>
    /// <returns>What has become low since it was asked last.</returns>
    public IReadOnlyList<StockLevel> Refill()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var (sku, since) in _low.Where(l => now - l.Value >= RefillAfter).ToArray())
            {
                var level = _levels[sku];
                _levels[sku] = level with { Available = Math.Max(level.Available, _opening[sku]), Version = level.Version + 1 };
                _low.Remove(sku);
            }

            StockLevel[] low = [.. _levels.Values.Where(l => l.Available * LowShare < _opening[l.Sku] && !_low.ContainsKey(l.Sku))];
            Array.ForEach(low, l => _low[l.Sku] = now);
            return low;
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

    private Reservation? Find(string orderId) =>
        _held.GetValueOrDefault(orderId) ?? (_sold.TryGet(orderId, out var sold) ? sold : null);

    private void Move(IReadOnlyList<ReservationLine> lines, int sign)
    {
        foreach (var line in lines)
        {
            var level = _levels[line.Sku];
            _levels[line.Sku] = level with { Available = level.Available + (sign * line.Quantity), Version = level.Version + 1 };
        }
    }
}
