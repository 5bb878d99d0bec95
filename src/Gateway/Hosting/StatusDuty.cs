using ControlPlane.Kubernetes.Leadership;

namespace Gateway.Hosting;

/// <summary>
/// Whether this gateway writes the status: of several that serve the same Gateways one is enough, and more would write over each other. Where there is
/// only one, it always does.
/// </summary>
/// <param name="elector">Elects the one; null where there can be no other.</param>
internal sealed class StatusDuty(LeaseElector? elector)
{
    /// <summary>True while it is this gateway's to write.</summary>
    public bool IsOurs => elector?.IsLeader ?? true;

    /// <summary>Takes part in elections until cancelled.</summary>
    /// <param name="begun">Called when it becomes this gateway's: everything is to be looked at, as others may have left it half done.</param>
    /// <param name="cancellationToken">Ends it; another may take over at once.</param>
    public async Task RunAsync(Action begun, CancellationToken cancellationToken)
    {
        while (elector is not null && !cancellationToken.IsCancellationRequested)
        {
            await elector.LeadAsync(
                async term =>
                {
                    begun();
                    await Task.Delay(Timeout.Infinite, term);
                },
                cancellationToken);
        }

        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
