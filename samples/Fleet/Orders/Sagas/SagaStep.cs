namespace Fleet.Orders.Sagas;

/// <summary>
/// A step of the saga, and what undoes it. Both carry the order's id as their idempotency key: doing a step twice, or undoing one that was never done,
/// changes nothing.
/// </summary>
/// <param name="Name">Name in logs and in the trail.</param>
/// <param name="Do">Does it, and gives the saga with what it learnt.</param>
/// <param name="Undo">Undoes it; null when there is nothing to undo.</param>
/// <param name="IsOptional">An order stands without it.</param>
internal sealed record SagaStep(
    string Name, Func<OrderSaga, CancellationToken, Task<OrderSaga>> Do, Func<OrderSaga, CancellationToken, Task>? Undo = null, bool IsOptional = false);
