using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Autoscaling;

/// <summary>What an autoscaler does.</summary>
/// <param name="Replicas">Number to scale to; null to leave it.</param>
/// <param name="Reason">Why it scales.</param>
/// <param name="Status">What to report, once it has scaled.</param>
/// <param name="Problem">What people should be told; null for nothing new.</param>
internal sealed record AutoscalerPlan(int? Replicas, string? Reason, HorizontalPodAutoscalerStatus Status, AutoscalerProblem? Problem = null);

/// <summary>Something that an autoscaler can't do.</summary>
internal sealed record AutoscalerProblem(string Reason, string Message);

/// <summary>
/// What the autoscaler of kube-controller-manager does on a cluster that serves no metrics: it holds its target within its bounds, and says
/// that it can't do more.
/// </summary>
internal static class AutoscalerPlanner
{
    private const string AbleToScale = "AbleToScale";
    private const string ScalingActive = "ScalingActive";
    private const string ScalingDisabled = "ScalingDisabled";
    private const string FailedGetScale = "FailedGetScale";

    /// <summary>Plans.</summary>
    /// <param name="autoscaler">The autoscaler.</param>
    /// <param name="current">Wanted pods of its target; null when there is no such target.</param>
    /// <param name="now">Now.</param>
    public static AutoscalerPlan Plan(HorizontalPodAutoscaler autoscaler, int? current, DateTimeOffset now)
    {
        var spec = autoscaler.Spec;
        var status = autoscaler.Status;
        if (current is not { } replicas)
        {
            return WithoutTarget(autoscaler, now);
        }

        status = Say(status, AbleToScale, ConditionStatus.True, "SucceededGetScale", "the HPA controller was able to get the target's current scale", now);
        if (replicas == 0 && spec.MinReplicas != 0)
        {
            const string Message = "scaling is disabled since the replica count of the target is zero";
            status = Say(status, ScalingActive, ConditionStatus.False, ScalingDisabled, Message, now);
            return new AutoscalerPlan(null, null, status with { CurrentReplicas = 0, DesiredReplicas = 0 });
        }

        var bounded = Math.Clamp(replicas, spec.MinReplicas, Math.Max(spec.MinReplicas, spec.MaxReplicas));
        return bounded == replicas ? WithoutMetrics(autoscaler, status, replicas, now) : Rescale(status, replicas, bounded, now);
    }

    private static AutoscalerPlan WithoutTarget(HorizontalPodAutoscaler autoscaler, DateTimeOffset now)
    {
        var target = autoscaler.Spec.ScaleTargetRef;
        var resource = $"{target?.Kind.ToLowerInvariant()}s{(target?.ApiVersion?.Split('/') is [var group, _] ? $".{group}" : "")}";
        var problem = $"{resource} \"{target?.Name}\" not found";
        var message = $"the HPA controller was unable to get the target's current scale: {problem}";
        return new AutoscalerPlan(
            null,
            null,
            Say(autoscaler.Status, AbleToScale, ConditionStatus.False, FailedGetScale, message, now),
            autoscaler.Status.Conditions.Find(AbleToScale)?.Reason == FailedGetScale ? null : new AutoscalerProblem(FailedGetScale, problem));
    }

    private static AutoscalerPlan Rescale(HorizontalPodAutoscalerStatus status, int replicas, int bounded, DateTimeOffset now)
    {
        var reason = bounded < replicas ? "Current number of replicas above Spec.MaxReplicas" : "Current number of replicas below Spec.MinReplicas";
        var message = string.Create(CultureInfo.InvariantCulture, $"the HPA controller was able to update the target scale to {bounded}");
        status = Say(status, AbleToScale, ConditionStatus.True, "SucceededRescale", message, now);
        return new AutoscalerPlan(bounded, reason, status with { CurrentReplicas = replicas, DesiredReplicas = bounded, LastScaleTime = now });
    }

    private static AutoscalerPlan WithoutMetrics(
        HorizontalPodAutoscaler autoscaler, HorizontalPodAutoscalerStatus status, int replicas, DateTimeOffset now)
    {
        var (reason, problem) = Missing(autoscaler.Spec.Metrics.Count > 0 ? autoscaler.Spec.Metrics[0] : null);
        status = Say(status, ScalingActive, ConditionStatus.False, reason, $"the HPA was unable to compute the replica count: {problem}", now);
        var isNews = autoscaler.Status.Conditions.Find(ScalingActive)?.Reason != reason;
        return new AutoscalerPlan(null, null, status with { CurrentReplicas = replicas }, isNews ? new AutoscalerProblem(reason, problem) : null);
    }

    /// <summary>Which API the first metric would come from, and that it is not there.</summary>
    private static (string Reason, string Problem) Missing(V2MetricSpec? metric) => metric?.Type switch
    {
        "Pods" => ("FailedGetPodsMetric", $"unable to get metric {metric.Pods?.Metric?.Name}: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered"),
        "Object" => ("FailedGetObjectMetric", $"unable to get metric {metric.ObjectProperty?.Metric?.Name}: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered"),
        "External" => ("FailedGetExternalMetric", $"unable to get external metric {metric.External?.Metric?.Name}: unable to fetch metrics from external metrics API: the server could not find the requested resource"),
        "ContainerResource" => ("FailedGetContainerResourceMetric", Resource(metric.ContainerResource?.Name)),
        _ => ("FailedGetResourceMetric", Resource(metric?.Resource?.Name)),
    };

    private static string Resource(string? name) =>
        $"failed to get {name ?? "cpu"} utilization: unable to get metrics for resource {name ?? "cpu"}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";

    private static HorizontalPodAutoscalerStatus Say(
        HorizontalPodAutoscalerStatus status, string type, string value, string reason, string message, DateTimeOffset now) => status with
        {
            Conditions = status.Conditions.Set(new StatusCondition { Type = type, Status = value, Reason = reason, Message = message }, now),
        };
}
