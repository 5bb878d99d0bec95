using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Registry;

/// <summary>Who may call a service, as its traffic policies say, and as far as the network can tell: without methods and paths.</summary>
/// <param name="Dependents">Whether the services that depend on it may.</param>
/// <param name="Others">Who else; without pod labels, every pod of the namespace.</param>
public sealed record NetworkAccess(bool Dependents, IReadOnlyList<Neighbour> Others)
{
    private const string EveryService = "*";

    /// <summary>What the effective policy of a service comes to; null when it says nothing about callers.</summary>
    /// <param name="service">The service.</param>
    /// <param name="access">The policy's word.</param>
    /// <param name="find">Finds a caller; null for one that is not declared, which then is not let in.</param>
    public static NetworkAccess? Of(ManagedService service, TrafficAccess? access, Func<ObjectKey, Neighbour?> find)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(find);
        return access is null ? null : new(
            access.Dependents,
            [
                .. access.Allow.SelectMany(static rule => rule.From)
                    .Select(caller => new ObjectKey(caller.Namespace.Length > 0 ? caller.Namespace : service.Metadata.Namespace, caller.Service))
                    .Distinct()
                    .Select(caller => caller.Name == EveryService ? new Neighbour(caller, PodLabels: null, Ports: []) : find(caller))
                    .OfType<Neighbour>(),
            ]);
    }
}
