using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>The Deployment of the production baseline: rolling update, spread over zones and nodes, and the golden path's pods.</summary>
internal static class DeploymentBaseline
{
    public static DesiredObject Plan(ManagedService service)
    {
        var workload = service.Spec.Workload!;
        var deployment = new V1Deployment
        {
            Metadata = BaselineMetadata.For(service, workload.ObjectNames?.Deployment),
            Spec = new V1DeploymentSpec
            {
                Replicas = workload.Autoscaling.Mode == AutoscalingMode.None ? workload.Replicas : null,
                Selector = new V1LabelSelector { MatchLabels = BaselineMetadata.DeploymentSelector(service) },
                Strategy = new V1DeploymentStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new V1RollingUpdateDeployment
                    {
                        MaxSurge = workload.Rollout.MaxSurge,
                        MaxUnavailable = workload.Rollout.MaxUnavailable,
                    },
                },
                Template = workload.Template is null ? PodBaseline.Plan(service, workload) : null,
            },
        };

        var plan = workload.Template is null
            ? DesiredObject.From(KnownResources.Deployments, deployment)
            : WithTemplate(deployment, workload.Template);
        return workload.Autoscaling.Mode == AutoscalingMode.None ? plan : plan with { Initially = FirstReplicas(workload) };
    }

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
