using Fleet.Hosting.Events;
using Fleet.Orders.Clients;
using Fleet.Orders.Sagas;

namespace Fleet.Orders;

/// <summary>Goes on with orders whose payment was in review, when it has been decided.</summary>
internal sealed class PaymentEvents(SagaLog log, SagaRecovery recovery, PaymentClient payments, FleetInstance instance) : IEventHandler
{
    public string Topic => "payment-events";

    public IReadOnlyCollection<string> Types { get; } = ["PAYMENT_SUCCEEDED", "PAYMENT_DECLINED"];

    public async Task HandleAsync(FleetEvent happened, CancellationToken cancellationToken)
    {
        // Most payments are decided while their order waits for the answer: then there is nothing to do.
        if (log.TryGet(happened.Key, out var known) && known.State == SagaState.Waiting
            && await payments.FindAsync(known.Payment!.Id, cancellationToken) is { IsInReview: false } decided
            && log.TakeWaiting(happened.Key, instance.Name) is { } saga)
        {
            await recovery.DecidedAsync(saga, decided, cancellationToken);
        }
    }
}
