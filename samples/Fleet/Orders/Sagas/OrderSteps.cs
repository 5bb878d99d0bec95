using Fleet.Hosting.Events;
using Fleet.Hosting.Problems;
using Fleet.Orders.Clients;

namespace Fleet.Orders.Sagas;

/// <summary>The eleven steps of an order, with what undoes each of them. The table is in the fleet's README.</summary>
internal sealed class OrderSteps
{
    public const string Open = "open-order";
    public const string Payment = "payment";

    private readonly UserClient _users;
    private readonly ProductClient _products;
    private readonly InventoryClient _inventory;
    private readonly PaymentClient _payments;
    private readonly DeliveryClient _deliveries;
    private readonly NotificationClient _notifications;
    private readonly OrderBook _book;
    private readonly EventPublisher _events;
    private readonly OrderMetrics _metrics;
    private readonly Dictionary<string, SagaStep> _byName;

    public OrderSteps(
        UserClient users,
        ProductClient products,
        InventoryClient inventory,
        PaymentClient payments,
        DeliveryClient deliveries,
        NotificationClient notifications,
        OrderBook book,
        EventPublisher events,
        OrderMetrics metrics)
    {
        (_users, _products, _inventory, _payments, _deliveries, _notifications) = (users, products, inventory, payments, deliveries, notifications);
        (_book, _events, _metrics) = (book, events, metrics);
        var confirm = new SagaStep("confirm-order", Confirm, (saga, _) => Close(saga));
        All =
        [
            new(Open, OpenOrder, (saga, _) => Close(saga)),
            new("check-customer", async (saga, token) => saga with { Customer = await _users.GetAsync(saga.Input.UserId, token) }),
            new("price-basket", async (saga, token) => saga with { Lines = await _products.PriceAsync(saga.Input.Lines, token) }),
            new("reservation", ReserveAsync, (saga, token) => _inventory.ReleaseAsync(saga.OrderId, token)),
            new(Payment, PayAsync, (saga, token) => _payments.RefundAsync(saga.OrderId, token)),
            new("sale", SellAsync, (saga, token) => _inventory.ReleaseAsync(saga.OrderId, token)),
            confirm,
            new("delivery", DeliverAsync, IsOptional: true),
            new("announce-order", AnnounceOrder),
            new("announce-payment", AnnouncePayment),
            new("notification", TellAsync, IsOptional: true),
        ];
        Pivot = All.IndexOf(confirm);
        _byName = All.ToDictionary(s => s.Name);
    }

    /// <summary>The steps in their order.</summary>
    public List<SagaStep> All { get; }

    /// <summary>The step from which on the order stands.</summary>
    public int Pivot { get; }

    public SagaStep this[string name] => _byName[name];

    /// <summary>The order as its saga has it.</summary>
    public static Order OrderOf(OrderSaga saga, OrderStatus status) => new(
        saga.OrderId,
        saga.Input.UserId,
        saga.Customer?.City ?? "",
        status,
        saga.Lines,
        saga.TotalInr,
        saga.Payment?.Id,
        saga.EtaAt,
        PlacedAt: saga.StartedAt);

    private Task<OrderSaga> OpenOrder(OrderSaga saga, CancellationToken cancellationToken)
    {
        _book.Set(OrderOf(saga, OrderStatus.Pending));
        return Task.FromResult(saga);
    }

    private Task Close(OrderSaga saga)
    {
        // Both the first step and the pivot are undone by this; it counts once.
        if (!_book.TryGet(saga.OrderId, out var order) || order.Status != OrderStatus.Failed)
        {
            _book.Set(OrderOf(saga, OrderStatus.Failed));
            _metrics.NotPlaced(saga.Customer?.City, saga.FailedWith ?? StatusCodes.Status500InternalServerError);
        }

        return Task.CompletedTask;
    }

    private async Task<OrderSaga> ReserveAsync(OrderSaga saga, CancellationToken cancellationToken)
    {
        await _inventory.ReserveAsync(saga.OrderId, saga.Input.Lines, cancellationToken);
        return saga;
    }

    private async Task<OrderSaga> PayAsync(OrderSaga saga, CancellationToken cancellationToken)
    {
        var receipt = await _payments.PayAsync(saga.OrderId, saga.Input.UserId, saga.TotalInr, saga.Input.Payment, cancellationToken);
        var paid = saga with { Payment = receipt };
        if (receipt.IsInReview)
        {
            _book.Set(OrderOf(paid, OrderStatus.InReview));
        }

        return paid;
    }

    private async Task<OrderSaga> SellAsync(OrderSaga saga, CancellationToken cancellationToken)
    {
        await _inventory.SellAsync(saga.OrderId, cancellationToken);
        return saga;
    }

    private Task<OrderSaga> Confirm(OrderSaga saga, CancellationToken cancellationToken)
    {
        var order = OrderOf(saga, OrderStatus.Confirmed);
        if (!_book.TryGet(order.Id, out var known) || known.Status is OrderStatus.Pending or OrderStatus.InReview)
        {
            _book.Set(order);
            _metrics.Confirmed(order);
        }

        return Task.FromResult(saga);
    }

    private async Task<OrderSaga> DeliverAsync(OrderSaga saga, CancellationToken cancellationToken)
    {
        var arriving = saga with { EtaAt = await _deliveries.RequestAsync(saga.OrderId, saga.Customer!.Location, cancellationToken) };
        _book.Change(saga.OrderId, order => order with { EtaAt = arriving.EtaAt });
        return arriving;
    }

    private Task<OrderSaga> AnnounceOrder(OrderSaga saga, CancellationToken cancellationToken)
    {
        _events.Publish(OrderService.Topic, OrderService.Placed, saga.OrderId, ("userId", saga.Input.UserId), ("city", saga.Customer!.City));
        return Task.FromResult(saga);
    }

    /// <summary>Cash is paid at the door, and not announced before.</summary>
    private Task<OrderSaga> AnnouncePayment(OrderSaga saga, CancellationToken cancellationToken)
    {
        if (saga.Input.Payment.Method != PaymentMethod.CashOnDelivery)
        {
            _events.Publish(OrderService.Topic, OrderService.Paid, saga.OrderId, ("userId", saga.Input.UserId), ("paymentId", saga.Payment!.Id));
        }

        return Task.FromResult(saga);
    }

    private async Task<OrderSaga> TellAsync(OrderSaga saga, CancellationToken cancellationToken)
    {
        await _notifications.TellAsync(OrderOf(saga, OrderStatus.Confirmed), cancellationToken);
        return saga;
    }
}
