using System.Diagnostics.CodeAnalysis;
using Fleet.Hosting;

namespace Fleet.Orders;

/// <summary>The orders of the shop, among the latest.</summary>
internal sealed class OrderBook
{
    private readonly Lock _gate = new();
    private readonly RecentItems<string, Order> _orders = new();

    public bool TryGet(string id, [MaybeNullWhen(false)] out Order order) => _orders.TryGet(id, out order);

    public void Set(Order order) => _orders.Set(order.Id, order);

    /// <summary>Changes an order, if it is known.</summary>
    public void Change(string id, Func<Order, Order> change)
    {
        lock (_gate)
        {
            if (_orders.TryGet(id, out var order))
            {
                _orders.Set(id, change(order));
            }
        }
    }
}
