using System.Diagnostics.CodeAnalysis;
using Fleet.Hosting;

namespace Fleet.Payments;

/// <summary>The payments of the shop. An order has at most one that stands.</summary>
internal sealed class Ledger
{
    private readonly Lock _gate = new();
    private readonly RecentItems<string, Payment> _byOrder = new();
    private readonly RecentItems<string, string> _orderById = new();
    private readonly RecentItems<string, DateTimeOffset> _calledOff = new();
    private readonly RecentItems<string, Payment[]> _byUser = new();
    private readonly Dictionary<string, Payment> _inReview = [];

    public bool TryGet(string id, [MaybeNullWhen(false)] out Payment payment)
    {
        payment = null;
        return _orderById.TryGet(id, out var order) && _byOrder.TryGet(order, out payment) && payment.Id == id;
    }

    /// <summary>The payments that a customer tried since a time, among the latest.</summary>
    public IReadOnlyList<Payment> TriedSince(string userId, DateTimeOffset since) =>
        _byUser.TryGet(userId, out var tried) ? [.. tried.Where(p => p.MadeAt >= since)] : [];

    /// <summary>
    /// Enters a payment. The order's own one that stands is given instead, when it is for the same amount by the same method: the request was repeated.
    /// </summary>
    /// <returns>The payment that stands; null when another one does, or the order was called off.</returns>
    public Payment? Enter(Payment payment, string? userId)
    {
        lock (_gate)
        {
            if (_calledOff.TryGet(payment.OrderId, out _))
            {
                return null;
            }

            if (_byOrder.TryGet(payment.OrderId, out var earlier) && earlier.Status != PaymentStatus.Declined)
            {
                return earlier.Status != PaymentStatus.Refunded && earlier.AmountInr == payment.AmountInr && earlier.Method == payment.Method ? earlier : null;
            }

            Set(payment);
            _orderById.Set(payment.Id, payment.OrderId);
            if (userId is not null)
            {
                _byUser.Set(userId, [.. (_byUser.TryGet(userId, out var tried) ? tried : []).TakeLast(19), payment]);
            }

            return payment;
        }
    }

    /// <summary>
    /// Gives back what was taken for an order. It can be repeated; an order for which nothing was taken yet is called off, so that a payment that was
    /// on its way comes too late.
    /// </summary>
    /// <returns>The payment that this call refunded; null when there was nothing to give back.</returns>
    public Payment? Refund(string orderId, DateTimeOffset now)
    {
        lock (_gate)
        {
            _calledOff.Set(orderId, now);
            if (!_byOrder.TryGet(orderId, out var payment) || payment.Status is PaymentStatus.Declined or PaymentStatus.Refunded)
            {
                return null;
            }

            Set(payment with { Status = PaymentStatus.Refunded });
            return payment;
        }
    }

    /// <summary>Ends the review of a payment.</summary>
    /// <returns>The payment as it is now; null when it is not in review.</returns>
    public Payment? Decide(string id, string? declineReason)
    {
        lock (_gate)
        {
            if (!_inReview.TryGetValue(id, out var payment))
            {
                return null;
            }

            var status = declineReason is not null ? PaymentStatus.Declined : PaymentRules.Standing(payment.Method);
            return Set(payment with { Status = status, DeclineReason = declineReason });
        }
    }

    /// <summary>The payments that wait for a person since before a time.</summary>
    public IReadOnlyList<Payment> InReviewSince(DateTimeOffset latest)
    {
        lock (_gate)
        {
            return [.. _inReview.Values.Where(p => p.MadeAt <= latest)];
        }
    }

    private Payment Set(Payment payment)
    {
        _byOrder.Set(payment.OrderId, payment);
        if (payment.Status == PaymentStatus.InReview)
        {
            _inReview[payment.Id] = payment;
        }
        else
        {
            _inReview.Remove(payment.Id);
        }

        return payment;
    }
}
