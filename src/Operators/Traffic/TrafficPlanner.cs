using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using k8s.Models;
using Operators.Cluster;
using Operators.Registry;
using Operators.Registry.Baseline;
using Operators.Traffic.Providers;

namespace Operators.Traffic;

/// <summary>What the policies of a service come to: for the operator, and for those who ask before anything is written.</summary>
public sealed class TrafficPlanner(FleetCaches caches, FleetGraph graph, ProviderChoice choice)
{
    /// <summary>Plans the traffic objects of a service.</summary>
    public TrafficPlan Plan(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var effective = caches.Policies.EffectiveOf(service);
        var provider = choice.Current;
        return new(effective, provider?.Name, effective.IsEmpty || provider is null ? new([], []) : provider.Plan(Snapshot(service, effective)));
    }

    private TrafficSnapshot Snapshot(ManagedService service, EffectivePolicy effective) => new(
        service,
        effective,
        FleetCaches.FrontKey(service),
        PortOf(service),
        [.. graph.CallersOf(service.Metadata.Key).Select(AsCaller).OrderBy(static caller => caller.Key, ObjectKey.ListOrder)]);

    private int? PortOf(ManagedService service) => service.Spec.Workload is { Template: null } workload
        ? WorkloadPorts.Of(workload)[0].Port
        : caches.FrontOf(service)?.Read<V1Service>().Spec?.Ports?.FirstOrDefault()?.Port;

    /// <summary>A workload of ours runs as the account that bears its name; of others that is not known, and the default one is the cluster's rule.</summary>
    private static CallingService AsCaller(ManagedService caller) =>
        new(caller.Metadata.Key, caller.Spec.Workload is { Template: null } ? caller.Metadata.Name : "default");
}

/// <summary>What the policies of a service come to.</summary>
/// <param name="Effective">What they say together.</param>
/// <param name="Provider">Name of the provider; null when the cluster serves no data plane that is known here.</param>
/// <param name="Rendered">What the provider makes of it.</param>
public sealed record TrafficPlan(EffectivePolicy Effective, string? Provider, ProviderPlan Rendered);
