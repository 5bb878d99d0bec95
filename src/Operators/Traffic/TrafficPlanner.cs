using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
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
    private static readonly IReadOnlyDictionary<string, string> NoAnnotations = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Plans the traffic objects of a service.</summary>
    public TrafficPlan Plan(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var effective = graph.EffectiveOf(service);
        var (provider, split) = (choice.Current, SplitOf(service));
        return new(
            effective, provider?.Name, choice.Lack, (effective.IsEmpty && split is null) || provider is null ? new([], []) : provider.Plan(Snapshot(service, effective) with { Split = split }));
    }

    /// <summary>What the data plane can't do of a split, in a sentence; null when it can do all of it. Pure: asked before a rollout relies on it.</summary>
    /// <param name="service">The service that a rollout moves.</param>
    /// <param name="split">How its requests are to be shared.</param>
    public string? SplitGap(ManagedService service, TrafficSplit split)
    {
        ArgumentNullException.ThrowIfNull(service);
        return choice.Current is { } provider ? provider.SplitGap(Snapshot(service, graph.EffectiveOf(service)) with { Split = split }) : choice.Lack;
    }

    private TrafficSplit? SplitOf(ManagedService service) =>
        CanaryRollout.InCharge(caches.RolloutsByMember.Get(service.Metadata.Key.ToString())) is { } rollout ? TrafficSplit.Of(rollout, service.Metadata.Key) : null;

    /// <summary>Annotations that the Service in front of a service should bear for its data plane, without the work of planning where none reads any.</summary>
    public IReadOnlyDictionary<string, string> FrontAnnotations(ManagedService service) =>
        choice.Current is { AnnotatesFronts: true } ? Plan(service).Rendered.FrontAnnotations : NoAnnotations;

    private TrafficSnapshot Snapshot(ManagedService service, EffectivePolicy effective) => new(
        service,
        effective,
        FleetCaches.FrontKey(service),
        PortOf(service),
        [.. graph.CallersOf(service.Metadata.Key).Where(caller => caller.Metadata.Key != service.Metadata.Key).Select(AsCaller).OrderBy(static caller => caller.Key, ObjectKey.ListOrder)])
    {
        AdoptedPodLabels = service.Spec.WorkloadRef is null ? null : graph.Neighbour(service).PodLabels,
        Named =
        [
            .. (effective.Traffic.Access?.Allow ?? []).SelectMany(static rule => rule.From)
                .Select(caller => graph.Find(new(caller.Namespace.Length > 0 ? caller.Namespace : service.Metadata.Namespace, caller.Service)))
                .OfType<ManagedService>()
                .DistinctBy(static caller => caller.Metadata.Key)
                .Select(AsCaller),
        ],
    };

    private int? PortOf(ManagedService service) => service.Spec.Workload is { Exposure.Enabled: true } workload
        ? WorkloadPorts.Of(workload)[0].Port
        : caches.FrontOf(service)?.Read<V1Service>().Spec?.Ports?.FirstOrDefault()?.Port;

    private CallingService AsCaller(ManagedService caller) => new(caller.Metadata.Key, AccountOf(caller, caches.WorkloadOf(caller)));

    /// <summary>The account that the pods of a service run as: its own for a workload that the operator makes, else the template's, and the cluster's default.</summary>
    internal static string AccountOf(ManagedService service, LiveObject? workload) => service.Spec.Workload is { Template: null }
        ? service.Spec.Workload.ObjectNames?.ServiceAccount ?? service.Metadata.Name
        : (string?)((service.Spec.Workload?.Template ?? workload?.Read<WorkloadView>().Spec.Template)?["spec"] as JsonObject)?["serviceAccountName"] is { Length: > 0 } account ? account
        : "default";
}

/// <summary>What the policies of a service come to.</summary>
/// <param name="Effective">What they say together.</param>
/// <param name="Provider">Name of the provider; null when there is none.</param>
/// <param name="Lack">Why there is no provider; null when there is one.</param>
/// <param name="Rendered">What the provider makes of it.</param>
public sealed record TrafficPlan(EffectivePolicy Effective, string? Provider, string? Lack, ProviderPlan Rendered);
