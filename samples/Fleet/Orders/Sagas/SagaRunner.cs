using Fleet.Hosting.Problems;

namespace Fleet.Orders.Sagas;

/// <summary>
/// Drives sagas (H. Garcia-Molina and K. Salem, "Sagas", SIGMOD 1987): the steps one after the other; when one fails, what was done is undone in reverse
/// order. An undoing that fails is logged and the rest still run; it is tried again later, <see cref="MostRounds"/> times. Past the pivot, from which on the
/// order stands, nothing is undone any more: steps are done whatever becomes of the client.
/// </summary>
internal sealed partial class SagaRunner(SagaLog log, OrderSteps steps, FleetInstance instance, TimeProvider time, ILogger<SagaRunner> logger)
{
    public const int MostRounds = 10;

    /// <summary>When what could not be undone is tried again.</summary>
    public static readonly TimeSpan NextRound = TimeSpan.FromSeconds(30);

    /// <summary>How long a saga waits before somebody asks for its payment, in case the event was lost.</summary>
    public static readonly TimeSpan AskAfter = TimeSpan.FromMinutes(1);

    // A client that went away ends a saga, and must not end its undoing.
    private static readonly TimeSpan UndoLimit = TimeSpan.FromSeconds(20);

    public Task<OrderSaga> StartAsync(string orderId, PlaceOrder input, CancellationToken cancellationToken) => RunAsync(
        new OrderSaga { OrderId = orderId, Input = input, StartedAt = time.GetUtcNow(), Owner = instance.Name }, cancellationToken);

    /// <summary>Does the steps that are left.</summary>
    /// <returns>The saga when every step is done, or when it waits.</returns>
    /// <exception cref="RefusedException">A step failed, and everything was undone as far as it can be now.</exception>
    public async Task<OrderSaga> RunAsync(OrderSaga saga, CancellationToken cancellationToken)
    {
        while (saga.Next < steps.All.Count)
        {
            var step = steps.All[saga.Next];
            saga = log.Save(saga);
            try
            {
                saga = await step.Do(saga, saga.Next > steps.Pivot ? CancellationToken.None : cancellationToken);
                saga = saga.Noted(step.Name, "done", time.GetUtcNow()) with { Next = saga.Next + 1 };
            }
            catch (RefusedException) when (step.IsOptional)
            {
                LogSkipped(logger, step.Name, saga.OrderId);
                saga = saga.Noted(step.Name, "skipped", time.GetUtcNow()) with { Next = saga.Next + 1 };
            }
            catch (Exception e) when (e is not SagaLostException && saga.Next <= steps.Pivot)
            {
                await UndoAsync(saga.Noted(step.Name, "failed", time.GetUtcNow()), e);
                throw;
            }

            if (saga.Payment is { IsInReview: true })
            {
                return log.Save(saga with { State = SagaState.Waiting }, AskAfter);
            }
        }

        return log.Save(saga with { State = SagaState.Done });
    }

    /// <summary>Undoes what was done, the step that was under way included: it may have worked.</summary>
    public Task<OrderSaga> UndoAsync(OrderSaga saga, Exception cause)
    {
        var status = (cause as RefusedException)?.Problem.StatusCode ?? StatusCodes.Status500InternalServerError;
        LogFailed(logger, saga.OrderId, saga.Input.UserId, status);
        return UndoAsync(saga with
        {
            State = SagaState.Undoing,
            FailedWith = status,
            ToUndo = [.. steps.All.Take(saga.Next + 1).Where(s => s.Undo is not null).Select(s => s.Name).Reverse()],
        });
    }

    /// <summary>Undoes what is still to be undone.</summary>
    public async Task<OrderSaga> UndoAsync(OrderSaga saga)
    {
        saga = log.Save(saga);
        using var limit = new CancellationTokenSource(UndoLimit, time);
        var left = new List<string>();
        foreach (var name in saga.ToUndo)
        {
            try
            {
                await steps[name].Undo!(saga, limit.Token);
                saga = saga.Noted(name, "undone", time.GetUtcNow());
                LogUndone(logger, name, saga.OrderId);
            }
            catch (Exception exception) when (exception is not SagaLostException)
            {
                left.Add(name);
                saga = saga.Noted(name, "not-undone", time.GetUtcNow());
                LogNotUndone(logger, name, saga.OrderId, exception);
            }
        }

        saga = saga with { ToUndo = left, UndoRounds = saga.UndoRounds + 1 };
        if (left.Count > 0 && saga.UndoRounds < MostRounds)
        {
            return log.Save(saga, NextRound);
        }

        return log.Save(saga with { State = left.Count == 0 ? SagaState.Undone : SagaState.GivenUp });
    }

    [LoggerMessage(EventName = "step-skipped", Level = LogLevel.Warning, Message = "{OrderId} goes on without its {Step}")]
    private static partial void LogSkipped(ILogger logger, string step, string orderId);

    [LoggerMessage(EventName = "order-not-placed", Level = LogLevel.Warning, Message = "{OrderId} of {UserId} was not placed")]
    private static partial void LogFailed(ILogger logger, string orderId, string userId, int status);

    [LoggerMessage(EventName = "step-undone", Level = LogLevel.Information, Message = "{Step} of {OrderId} was undone")]
    private static partial void LogUndone(ILogger logger, string step, string orderId);

    [LoggerMessage(EventName = "step-not-undone", Level = LogLevel.Error, Message = "{Step} of {OrderId} could not be undone")]
    private static partial void LogNotUndone(ILogger logger, string step, string orderId, Exception exception);
}
