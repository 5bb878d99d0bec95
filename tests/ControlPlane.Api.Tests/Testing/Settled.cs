using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>Waits for a service that nobody has anything more to do for.</summary>
internal static class Settled
{
    private const string Revision = "deployment.kubernetes.io/revision";

    /// <summary>Waits until the operator is done with a service and the cluster has taken up its Deployment, as far as it can without nodes.</summary>
    public static async Task SettledAsync(this FleetCaches caches, ObjectKey key)
    {
        await caches.ConvergedAsync(key);
        await caches.UntilAsync(
            () => caches.Owned(KnownResources.Deployments).Cache.Find(key) is { } live && live.Metadata.Annotations.ContainsKey(Revision) ? live : null,
            () => "a Deployment that the cluster has not taken up");
    }
}
