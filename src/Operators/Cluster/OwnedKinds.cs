using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Cluster;

/// <summary>The kinds of objects that the operators own.</summary>
public static class OwnedKinds
{
    /// <summary>The field of a Deployment that the autoscaler owns once there is one.</summary>
    internal static FieldPath DeploymentReplicas { get; } = FieldPath.Root.Field("spec").Field("replicas");

    /// <summary>Kinds that every cluster serves.</summary>
    public static IReadOnlyList<ResourceType> Always { get; } =
    [
        KnownResources.ServiceAccounts,
        KnownResources.Roles,
        KnownResources.RoleBindings,
        KnownResources.NetworkPolicies,
        KnownResources.Services,
        KnownResources.Deployments,
        KnownResources.HorizontalPodAutoscalers,
        KnownResources.PodDisruptionBudgets,
    ];

    /// <summary>Kinds that a cluster may serve.</summary>
    public static IReadOnlyList<ResourceType> WhereServed { get; } = [KnownResources.ServiceMonitors, KnownResources.PrometheusRules];

    /// <summary>All of them, in the order in which they are applied: what a pod needs comes before the pods.</summary>
    public static IReadOnlyList<ResourceType> All { get; } = [.. Always, .. WhereServed];

    /// <summary>Kinds that run pods, and that a service may adopt.</summary>
    public static IReadOnlyList<ResourceType> Workloads { get; } =
        [KnownResources.Deployments, KnownResources.StatefulSets, KnownResources.DaemonSets];

    /// <summary>How objects of a kind are kept.</summary>
    internal static IObjectDecoder<LiveObject> Decoder(ResourceType type) => new LiveObjectDecoder(
        FleetApi.OperatorFieldManager, type == KnownResources.Deployments ? DeploymentReplicas : null);
}
