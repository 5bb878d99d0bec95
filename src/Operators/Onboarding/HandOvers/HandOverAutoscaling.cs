using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding.HandOvers;

/// <summary>Who owns the number of instances after a hand-over: whoever does before.</summary>
internal static class HandOverAutoscaling
{
    private const int MostInstances = 5000;
    private const int LongestPeriod = 1800;
    private const int LongestWindow = 3600;

    /// <summary>The declaration, and the name of the HorizontalPodAutoscaler that the operator takes over; null when it takes none.</summary>
    public static (WorkloadAutoscaling Spec, string? Name) Plan(ExistingObjects live, ExistingWorkload workload, List<Derivation> derivations)
    {
        const string Field = "spec.workload.autoscaling";
        var autoscalers = live.Autoscalers.FindAll(item =>
            item.Metadata.NamespaceProperty == workload.Reference.Key.Namespace
            && item.Spec?.ScaleTargetRef is { } target
            && target.Kind == workload.Reference.Kind
            && target.Name == workload.Reference.Key.Name);
        switch (autoscalers)
        {
            case []:
                derivations.Add(new(Field, "mode None", "no HorizontalPodAutoscaler scales it"));
                return (new WorkloadAutoscaling { Mode = AutoscalingMode.None }, null);
            case [var autoscaler] when Express(autoscaler.Spec) is { } spec:
                derivations.Add(new(Field, $"mode Managed, {spec.MinReplicas} to {spec.MaxReplicas}", $"HorizontalPodAutoscaler {autoscaler.Metadata.Name}"));
                return (spec, autoscaler.Metadata.Name);
            default:
                var names = string.Join(", ", autoscalers.Select(item => item.Metadata.Name));
                derivations.Add(new(Field, "mode External", $"HorizontalPodAutoscaler {names} can't be declared exactly, and stays as it is"));
                return (new WorkloadAutoscaling { Mode = AutoscalingMode.External }, null);
        }
    }

    /// <summary>The autoscaler as a declaration that would plan the very same one; null when none would.</summary>
    private static WorkloadAutoscaling? Express(V2HorizontalPodAutoscalerSpec spec)
    {
        var metrics = spec.Metrics ?? [];
        if (metrics.Count != 2
            || Utilisation(metrics, "cpu") is not { } cpu
            || Utilisation(metrics, "memory") is not { } memory
            || Pace(spec.Behavior?.ScaleUp, fastest: 1000) is not { } up
            || Pace(spec.Behavior?.ScaleDown, fastest: 100) is not { } down
            || spec.MinReplicas is not (> 0 and <= MostInstances)
            || spec.MaxReplicas > MostInstances)
        {
            return null;
        }

        return new WorkloadAutoscaling
        {
            MinReplicas = spec.MinReplicas.Value,
            MaxReplicas = spec.MaxReplicas,
            CpuPercent = cpu,
            MemoryPercent = memory,
            ScaleUp = new ScaleUpPace { Percent = up.Percent, PeriodSeconds = up.Period, StabilizationWindowSeconds = up.Window },
            ScaleDown = new ScaleDownPace { Percent = down.Percent, PeriodSeconds = down.Period, StabilizationWindowSeconds = down.Window },
        };
    }

    private static int? Utilisation(IList<V2MetricSpec> metrics, string resource) =>
        metrics.FirstOrDefault(metric => metric.Type == "Resource" && metric.Resource?.Name == resource)?.Resource.Target is { Type: "Utilization" } target
        && target.AverageUtilization is > 0 and <= 500
            ? target.AverageUtilization
            : null;

    private static (int Percent, int Period, int Window)? Pace(V2HPAScalingRules? rules, int fastest) =>
        rules is { Policies: [{ Type: "Percent" } policy], SelectPolicy: null or "Max", StabilizationWindowSeconds: >= 0 and <= LongestWindow, Tolerance: null }
        && policy.Value >= 1 && policy.Value <= fastest
        && policy.PeriodSeconds is >= 1 and <= LongestPeriod
            ? (policy.Value, policy.PeriodSeconds, rules.StabilizationWindowSeconds!.Value)
            : null;
}
