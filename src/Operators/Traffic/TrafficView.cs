using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using k8s.Models;
using Operators.Cluster;
using Operators.Registry;
using Operators.Registry.Baseline;
using Operators.Traffic.Providers;

namespace Operators.Traffic;

/// <summary>Gathers what the traffic objects of a service are planned from.</summary>
internal static class TrafficView
{
    public static TrafficSnapshot Of(FleetCaches caches, FleetGraph graph, ManagedService service, EffectivePolicy effective) => new(
        service,
        effective,
        FleetCaches.FrontKey(service),
        PortOf(caches, service),
        [.. graph.CallersOf(service.Metadata.Key).Select(AsCaller).OrderBy(static caller => caller.Key, ObjectKey.ListOrder)]);

    private static int? PortOf(FleetCaches caches, ManagedService service) => service.Spec.Workload is { Template: null } workload
        ? WorkloadPorts.Of(workload)[0].Port
        : caches.FrontOf(service)?.Read<V1Service>().Spec?.Ports?.FirstOrDefault()?.Port;

    /// <summary>A workload of ours runs as the account that bears its name; of others that is not known, and the default one is the cluster's rule.</summary>
    private static CallingService AsCaller(ManagedService caller) =>
        new(caller.Metadata.Key, caller.Spec.Workload is { Template: null } ? caller.Metadata.Name : "default");
}
