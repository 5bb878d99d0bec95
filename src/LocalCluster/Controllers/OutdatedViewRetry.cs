using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;

namespace LocalCluster.Controllers;

/// <summary>
/// Takes a write that the API refused because the object had changed, or was there already, for what it is: the cache is a moment behind.
/// Several controllers write to the same pods and ReplicaSets, so that this is daily business and no failure.
/// </summary>
/// <param name="inner">Does the work.</param>
internal sealed class OutdatedViewRetry(IReconciler inner) : IReconciler
{
    /// <summary>The change that the cache lacks brings the object back as it comes in; this is for the case that it does not.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.ReconcileAsync(request, cancellationToken);
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsAlreadyExists)
        {
            return ReconcileResult.After(Moment);
        }
    }
}
