using Fleet.Hosting.Problems;
using Fleet.Orders.Clients;

namespace Fleet.Orders.Sagas;

/// <summary>
/// Takes over sagas whose instance ended: before the pivot what was done is undone, since their client has long had an error; past it the steps that
/// are left are done. Sagas that wait ask for their payment, should its event have been lost.
/// </summary>
internal sealed partial class SagaRecovery(
    SagaLog log, SagaRunner runner, OrderSteps steps, PaymentClient payments, FleetInstance instance, TimeProvider time, ILogger<SagaRecovery> logger)
    : BackgroundService
{
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(4);

    /// <summary>One round.</summary>
    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        foreach (var saga in log.TakeAbandoned(instance.Name))
        {
            try
            {
                await RecoverAsync(saga, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(logger, saga.OrderId, e); // its lease runs out, and it is tried again
            }
        }
    }

    /// <summary>Goes on with a saga whose payment has been decided.</summary>
    internal async Task DecidedAsync(OrderSaga saga, PaymentReceipt payment, CancellationToken cancellationToken)
    {
        try
        {
            if (payment.IsDeclined)
            {
                var declined = new RefusedException(Problem.PaymentDeclined("payment", $"The payment was declined: {payment.DeclineReason}."));
                await runner.UndoAsync(saga with { Payment = payment, Next = saga.Next - 1 }, declined);
            }
            else
            {
                await runner.RunAsync(saga with { State = SagaState.Running, Payment = payment }, cancellationToken);
            }
        }
        catch (RefusedException e)
        {
            LogFailed(logger, saga.OrderId, e); // undone, as the saga's trail tells
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RoundAsync(stoppingToken);
            await Task.Delay(Pace, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RecoverAsync(OrderSaga saga, CancellationToken cancellationToken)
    {
        switch (saga.State)
        {
            case SagaState.Waiting:
                var payment = await payments.FindAsync(saga.Payment!.Id, cancellationToken);
                if (payment is { IsInReview: false })
                {
                    await DecidedAsync(saga, payment, cancellationToken);
                }
                else
                {
                    log.Save(saga, SagaRunner.AskAfter);
                }

                break;
            case SagaState.Undoing:
                await runner.UndoAsync(saga);
                break;
            case SagaState.Running when saga.Next > steps.Pivot:
                LogTaken(logger, saga.OrderId, "done");
                await runner.RunAsync(saga, cancellationToken);
                break;
            case SagaState.Running:
                LogTaken(logger, saga.OrderId, "undone");
                await runner.UndoAsync(saga, new RefusedException(Problem.Unavailable("The instance ended while it placed the order.")));
                break;
        }
    }

    [LoggerMessage(EventName = "saga-taken-over", Level = LogLevel.Warning, Message = "{OrderId} was left behind by its instance; what is left is {Left}")]
    private static partial void LogTaken(ILogger logger, string orderId, string left);

    [LoggerMessage(EventName = "saga-not-recovered", Level = LogLevel.Warning, Message = "{OrderId} could not be brought to its end")]
    private static partial void LogFailed(ILogger logger, string orderId, Exception exception);
}
