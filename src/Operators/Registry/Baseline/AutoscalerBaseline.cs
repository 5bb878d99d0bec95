using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>The HorizontalPodAutoscaler: CPU and memory targets, quick to grow, slow to shrink.</summary>
internal static class AutoscalerBaseline
{
    /// <param name="service">The service.</param>
    /// <param name="floor">
    /// Instances that it keeps during a rollout: with fewer requests to the stable version it would else take away what users need when they come back. Null for none.
    /// </param>
    public static DesiredObject Plan(ManagedService service, int? floor)
    {
        var workload = service.Spec.Workload!;
        var scaling = workload.Autoscaling;
        return DesiredObject.From(KnownResources.HorizontalPodAutoscalers, new V2HorizontalPodAutoscaler
        {
            Metadata = BaselineMetadata.For(service, workload.ObjectNames?.HorizontalPodAutoscaler),
            Spec = new V2HorizontalPodAutoscalerSpec
            {
                ScaleTargetRef = new V2CrossVersionObjectReference
                {
                    ApiVersion = KnownResources.Deployments.ApiVersion,
                    Kind = KnownResources.Deployments.Kind,
                    Name = workload.ObjectNames?.Deployment ?? service.Metadata.Name,
                },
                MinReplicas = Math.Max(scaling.MinReplicas, Math.Min(floor ?? 0, scaling.MaxReplicas)),
                MaxReplicas = scaling.MaxReplicas,
                Metrics = [Utilisation("cpu", scaling.CpuPercent), Utilisation("memory", scaling.MemoryPercent)],
                Behavior = new V2HorizontalPodAutoscalerBehavior
                {
                    ScaleUp = Pace(scaling.ScaleUp.Percent, scaling.ScaleUp.PeriodSeconds, scaling.ScaleUp.StabilizationWindowSeconds),
                    ScaleDown = Pace(scaling.ScaleDown.Percent, scaling.ScaleDown.PeriodSeconds, scaling.ScaleDown.StabilizationWindowSeconds),
                },
            },
        });
    }

    private static V2MetricSpec Utilisation(string resource, int percent) => new()
    {
        Type = "Resource",
        Resource = new V2ResourceMetricSource
        {
            Name = resource,
            Target = new V2MetricTarget { Type = "Utilization", AverageUtilization = percent },
        },
    };

    private static V2HPAScalingRules Pace(int percent, int periodSeconds, int windowSeconds) => new()
    {
        StabilizationWindowSeconds = windowSeconds,
        SelectPolicy = "Max",
        Policies = [new V2HPAScalingPolicy { Type = "Percent", Value = percent, PeriodSeconds = periodSeconds }],
    };
}
