namespace Fleet.Payments;

/// <summary>Declines payments that nobody reviewed in time: shorter than goods are set aside, so that the customer is told while they still are.</summary>
internal sealed class ReviewLapse(Ledger ledger, PaymentDesk desk, TimeProvider time) : BackgroundService
{
    /// <summary>How long a payment waits for a person.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var payment in ledger.InReviewSince(time.GetUtcNow() - After))
            {
                desk.Decide(payment.Id, PaymentRules.ReviewLapsed);
            }

            await Task.Delay(Pace, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
