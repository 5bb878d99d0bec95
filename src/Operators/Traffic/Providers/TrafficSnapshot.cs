using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;

namespace Operators.Traffic.Providers;

/// <summary>All that the traffic objects of a service are planned from.</summary>
/// <param name="Service">The declaration.</param>
/// <param name="Policy">What all policies that reach it say together.</param>
/// <param name="Front">The Service (of the cluster) in front of it.</param>
/// <param name="Port">The Service's main port, 1 to 65535; null while it is not known.</param>
/// <param name="Callers">Services that declare it in <c>dependsOn</c>, in list order.</param>
public sealed record TrafficSnapshot(
    ManagedService Service,
    EffectivePolicy Policy,
    ObjectKey Front,
    int? Port,
    IReadOnlyList<CallingService> Callers)
{
    /// <summary>Labels by which the pods of an adopted workload are found; null when they are not known, and for a workload that the operator runs.</summary>
    public IReadOnlyDictionary<string, string>? AdoptedPodLabels { get; init; }

    /// <summary>How its requests are shared between two versions, while a rollout moves it; null otherwise.</summary>
    public TrafficSplit? Split { get; init; }

    /// <summary>Declared services that <c>access.allow</c> names, callers or not.</summary>
    public IReadOnlyList<CallingService> Named { get; init; } = [];
}

/// <summary>A service that may call.</summary>
/// <param name="Key">Its namespace and name.</param>
/// <param name="ServiceAccount">The account that its pods run as: its identity in a mesh.</param>
public sealed record CallingService(ObjectKey Key, string ServiceAccount);
