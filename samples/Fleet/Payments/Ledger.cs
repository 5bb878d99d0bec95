using System.Diagnostics.CodeAnalysis;
using Fleet.Hosting;

namespace Fleet.Payments;

/// <summary>The payments that an instance knows. An order has at most one that stands.</summary>
internal sealed class Ledger
{
    private readonly Lock _gate = new();
    private readonly RecentItems<string, Payment> _byOrder = new();
    private readonly RecentItems<string, string> _orderById = new();

    public bool TryGet(string id, [MaybeNullWhen(false)] out Payment payment)
    {
        payment = null;
        return _orderById.TryGet(id, out var order) && _byOrder.TryGet(order, out payment) && payment.Id == id;
    }

    /// <summary>Enters a payment; false when the order has one that stands.</summary>
    public bool TryEnter(Payment payment)
    {
        lock (_gate)
        {
            if (_byOrder.TryGet(payment.OrderId, out var earlier) && earlier.Status != PaymentStatus.Declined)
            {
                return false;
            }

            _byOrder.Set(payment.OrderId, payment);
            _orderById.Set(payment.Id, payment.OrderId);
            return true;
        }
    }

    /// <summary>Gives back what was taken for an order. It can be repeated.</summary>
    /// <returns>The payment that this call refunded; null when there was nothing to give back.</returns>
    public Payment? Refund(string orderId)
    {
        lock (_gate)
        {
            if (!_byOrder.TryGet(orderId, out var payment) || payment.Status is PaymentStatus.Declined or PaymentStatus.Refunded)
            {
                return null;
            }

            _byOrder.Set(orderId, payment with { Status = PaymentStatus.Refunded });
            return payment;
        }
    }
}
