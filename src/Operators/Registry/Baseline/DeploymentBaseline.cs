using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using k8s.Models;
using Operators.Rollouts;
using Operators.Rollouts.Revisions;

namespace Operators.Registry.Baseline;

/// <summary>The Deployment of the production baseline: rolling update, spread over zones and nodes, and the golden path's pods.</summary>
internal static class DeploymentBaseline
{
    /// <summary>What should run: the declaration, or during a rollout what that says, on one side or two. None while a rollout has not said yet.</summary>
    public static IEnumerable<DesiredObject> Plan(ManagedService service, WorkloadSides? sides)
    {
        if (sides is { IsHeld: true })
        {
            yield break;
        }

        yield return Stable(service, sides?.Stable);
        if (sides?.Canary is { } canary)
        {
            yield return Canary(service, canary, sides.CanaryInstances);
        }
    }

    private static DesiredObject Stable(ManagedService service, WorkloadRevision? revision)
    {
        var workload = service.Spec.Workload!;
        var deployment = Deployment(
            service,
            workload.ObjectNames?.Deployment,
            BaselineMetadata.DeploymentSelector(service),
            workload.Autoscaling.Mode == AutoscalingMode.None ? workload.Replicas : null);
        if (revision is not null)
        {
            deployment.Metadata.Annotations = new Dictionary<string, string> { [WorkloadRevision.Mark] = revision.Name };
        }

        deployment.Spec.Template = revision is null && workload.Template is null ? PodBaseline.Plan(service, workload) : null;
        var plan = deployment.Spec.Template is not null
            ? DesiredObject.From(KnownResources.Deployments, deployment)
            : WithTemplate(deployment, revision is null || workload.Selector is not null ? (revision?.Template ?? workload.Template!) : revision.On(Tracks.Stable));
        return workload.Autoscaling.Mode == AutoscalingMode.None ? plan : plan with { Initially = FirstReplicas(workload) };
    }

    /// <summary>The canary: as many instances as the rollout says, and no autoscaler.</summary>
    private static DesiredObject Canary(ManagedService service, WorkloadRevision revision, int instances)
    {
        var selector = BaselineMetadata.PodSelector(service);
        selector[Tracks.Label] = Tracks.Canary;
        var deployment = Deployment(service, WorkloadSides.CanaryKey(service).Name, selector, instances);
        deployment.Metadata.Labels[Tracks.Label] = Tracks.Canary;
        deployment.Metadata.Annotations = new Dictionary<string, string> { [WorkloadRevision.Mark] = revision.Name };
        return WithTemplate(deployment, revision.On(Tracks.Canary));
    }

    private static V1Deployment Deployment(ManagedService service, string? name, IDictionary<string, string> selector, int? replicas) => new()
    {
        Metadata = BaselineMetadata.For(service, name),
        Spec = new V1DeploymentSpec
        {
            Replicas = replicas,
            Selector = new V1LabelSelector { MatchLabels = selector },
            Strategy = new V1DeploymentStrategy
            {
                Type = "RollingUpdate",
                RollingUpdate = new V1RollingUpdateDeployment
                {
                    MaxSurge = service.Spec.Workload!.Rollout.MaxSurge,
                    MaxUnavailable = service.Spec.Workload.Rollout.MaxUnavailable,
                },
            },
        },
    };

    /// <summary>A template that was taken over goes in as it is: one changed field would restart every pod.</summary>
    private static DesiredObject WithTemplate(V1Deployment deployment, JsonObject template)
    {
        deployment.ApiVersion = KnownResources.Deployments.ApiVersion;
        deployment.Kind = KnownResources.Deployments.Kind;
        var json = JsonSerializer.SerializeToNode(deployment, KubeJson.Options)!.AsObject();
        json["spec"]!["template"] = template.DeepClone();
        return DesiredObject.From(KnownResources.Deployments, new(deployment.Metadata.NamespaceProperty, deployment.Metadata.Name), json);
    }

    /// <summary>The autoscaler owns the number from then on, but a new service should not begin with one instance.</summary>
    private static InitialField FirstReplicas(ServiceWorkload workload) => new(
        "spec",
        "replicas",
        JsonValue.Create(workload.Autoscaling.Mode == AutoscalingMode.Managed
            ? Math.Clamp(workload.Replicas, workload.Autoscaling.MinReplicas, workload.Autoscaling.MaxReplicas)
            : workload.Replicas));
}
