using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Disruptions;

/// <summary>How many pods of a budget may be evicted now.</summary>
internal static class DisruptionPlanner
{
    private const string DisruptionAllowed = "DisruptionAllowed";

    /// <summary>A pod whose eviction was granted and that is not seen to end for this long will not end.</summary>
    private static readonly TimeSpan DeletionTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Plans the status.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="pods">Its pods.</param>
    /// <param name="scale">Pods that their controllers want, all together.</param>
    /// <param name="now">Now.</param>
    public static PodDisruptionBudgetStatus Plan(PodDisruptionBudget budget, IReadOnlyList<Pod> pods, int scale, DateTimeOffset now)
    {
        var (expected, desired) = Expect(budget.Spec, pods.Count, scale);
        var disrupted = Disrupted(budget, pods, now);
        var healthy = pods.Count(pod => pod.IsReady && !pod.IsTerminating && !disrupted.ContainsKey(pod.Metadata.Name));
        var allowed = expected > 0 ? Math.Max(0, healthy - desired) : 0;
        var condition = new StatusCondition
        {
            Type = DisruptionAllowed,
            Status = allowed > 0 ? ConditionStatus.True : ConditionStatus.False,
            Reason = allowed > 0 ? "SufficientPods" : "InsufficientPods",
            ObservedGeneration = budget.Metadata.Generation,
            Message = "",
        };
        return new PodDisruptionBudgetStatus
        {
            ObservedGeneration = budget.Metadata.Generation,
            DisruptedPods = disrupted,
            DisruptionsAllowed = allowed,
            CurrentHealthy = healthy,
            DesiredHealthy = desired,
            ExpectedPods = expected,
            Conditions = (budget.Status?.Conditions ?? []).Set(condition, now),
        };
    }

    /// <summary>When a granted eviction counts as failed; null when none is open.</summary>
    public static DateTimeOffset? Recheck(PodDisruptionBudgetStatus status) =>
        status.DisruptedPods.Count > 0 ? status.DisruptedPods.Values.Min() + DeletionTimeout : null;

    private static (int Expected, int Desired) Expect(PodDisruptionBudgetSpec spec, int pods, int scale)
    {
        if (spec.MaxUnavailable is { } unavailable)
        {
            return (scale, Math.Max(0, scale - IntOrPercent.Of(unavailable, scale, roundUp: true)));
        }

        return int.TryParse(spec.MinAvailable?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var available)
            ? (pods, available)
            : (scale, IntOrPercent.Of(spec.MinAvailable, scale, roundUp: true));
    }

    private static Dictionary<string, DateTimeOffset> Disrupted(PodDisruptionBudget budget, IEnumerable<Pod> pods, DateTimeOffset now)
    {
        var staying = pods.Where(pod => !pod.IsTerminating).Select(pod => pod.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        return (budget.Status?.DisruptedPods ?? new Dictionary<string, DateTimeOffset>())
            .Where(entry => staying.Contains(entry.Key) && entry.Value + DeletionTimeout >= now)
            .ToDictionary(StringComparer.Ordinal);
    }
}
