using ControlPlane.Kubernetes.Resources;
using Operators.Rollouts;

namespace Operators.Registry;

/// <summary>All that a service's objects are planned from.</summary>
/// <param name="Service">The declaration.</param>
/// <param name="Callers">Services that depend on it.</param>
/// <param name="Dependencies">Services that it depends on.</param>
/// <param name="Features">What the cluster can do.</param>
public sealed record ServiceSnapshot(
    ManagedService Service, IReadOnlyList<Neighbour> Callers, IReadOnlyList<Neighbour> Dependencies, ClusterFeatures Features)
{
    /// <summary>Who may call, where a traffic policy says so; null for its callers.</summary>
    public NetworkAccess? Access { get; init; }

    /// <summary>What the rollout that moves it says its workloads should be; null when none does.</summary>
    public WorkloadSides? Sides { get; init; }

    /// <summary>Annotations that its data plane reads from its Service.</summary>
    public IReadOnlyDictionary<string, string> FrontAnnotations { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A service at the other end of a dependency, as the network sees it.</summary>
/// <param name="Key">Its namespace and name.</param>
/// <param name="PodLabels">How its pods are found; null when not known, which stands for all pods of the namespace.</param>
/// <param name="Ports">Ports of its pods; empty when not known, which stands for all.</param>
public sealed record Neighbour(ObjectKey Key, IReadOnlyDictionary<string, string>? PodLabels, IReadOnlyList<PodPort> Ports);

/// <summary>A port of a pod.</summary>
/// <param name="Port">Number.</param>
/// <param name="Protocol"><c>TCP</c> or <c>UDP</c>.</param>
public readonly record struct PodPort(int Port, string Protocol);

/// <summary>What a cluster can do.</summary>
/// <param name="ServiceMonitors">It serves ServiceMonitors.</param>
/// <param name="PrometheusRules">It serves PrometheusRules.</param>
public sealed record ClusterFeatures(bool ServiceMonitors, bool PrometheusRules);
