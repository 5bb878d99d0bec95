using System.Diagnostics.CodeAnalysis;
using Fleet.Hosting;

namespace Fleet.Orders;

/// <summary>The orders that an instance placed.</summary>
internal sealed class OrderBook
{
    private readonly RecentItems<string, Order> _orders = new();

    public bool TryGet(string id, [MaybeNullWhen(false)] out Order order) => _orders.TryGet(id, out order);

    public void Set(Order order) => _orders.Set(order.Id, order);
}
