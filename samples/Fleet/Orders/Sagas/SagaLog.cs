using System.Diagnostics.CodeAnalysis;
using Fleet.Hosting;

namespace Fleet.Orders.Sagas;

/// <summary>
/// The sagas of the shop. A saga is saved before each of its steps, so that whoever takes it over undoes also the step that was under way. It belongs
/// to one instance at a time, by a lease that every save renews; only the owner may save it.
/// </summary>
internal sealed class SagaLog(TimeProvider time)
{
    /// <summary>Longer than any step may take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(45);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, OrderSaga> _open = [];
    private readonly RecentItems<string, OrderSaga> _over = new();

    public bool TryGet(string orderId, [MaybeNullWhen(false)] out OrderSaga saga)
    {
        lock (_gate)
        {
            return _open.TryGetValue(orderId, out saga) || _over.TryGet(orderId, out saga);
        }
    }

    /// <summary>Saves a saga for its owner, which has it for the lease from now on.</summary>
    /// <param name="saga">The saga.</param>
    /// <param name="lease">How long; null for the usual time.</param>
    /// <returns>The saga with its lease.</returns>
    /// <exception cref="SagaLostException">Another instance has taken it over.</exception>
    public OrderSaga Save(OrderSaga saga, TimeSpan? lease = null)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(saga.OrderId, out var known) ? known.Owner != saga.Owner : _over.TryGet(saga.OrderId, out _))
            {
                throw new SagaLostException(saga.OrderId);
            }

            var saved = saga with { LeaseUntil = time.GetUtcNow() + (lease ?? Lease) };
            if (saved.IsOver)
            {
                _open.Remove(saga.OrderId);
                _over.Set(saga.OrderId, saved);
            }
            else
            {
                _open[saga.OrderId] = saved;
            }

            return saved;
        }
    }

    /// <summary>Takes over a saga that waits for its payment.</summary>
    public OrderSaga? TakeWaiting(string orderId, string owner) => Take(orderId, owner, saga => saga.State == SagaState.Waiting);

    /// <summary>Takes over the sagas whose owners have not been heard of.</summary>
    public IReadOnlyList<OrderSaga> TakeAbandoned(string owner)
    {
        string[] candidates;
        lock (_gate)
        {
            candidates = [.. _open.Keys];
        }

        var now = time.GetUtcNow();
        return [.. candidates.Select(id => Take(id, owner, saga => saga.LeaseUntil <= now)).OfType<OrderSaga>()];
    }

    /// <summary>The sagas that are not over, and the latest that are.</summary>
    public IReadOnlyList<OrderSaga> All()
    {
        lock (_gate)
        {
            return [.. _open.Values, .. _over.All()];
        }
    }

    private OrderSaga? Take(string orderId, string owner, Func<OrderSaga, bool> mayBeTaken)
    {
        lock (_gate)
        {
            return _open.TryGetValue(orderId, out var saga) && mayBeTaken(saga)
                ? _open[orderId] = saga with { Owner = owner, LeaseUntil = time.GetUtcNow() + Lease }
                : null;
        }
    }
}

/// <summary>Another instance has taken the saga over; whoever held it lets go.</summary>
internal sealed class SagaLostException(string orderId) : Exception($"The saga of {orderId} has been taken over.");
