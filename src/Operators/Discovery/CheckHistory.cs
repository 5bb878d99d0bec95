using ControlPlane.Kubernetes.Resources;

namespace Operators.Discovery;

/// <summary>What came of the active checks of one instance. An instance that was never checked counts as healthy: readiness vouches for it.</summary>
/// <param name="Healthy">The verdict.</param>
/// <param name="Streak">Checks in a row that contradict the verdict.</param>
/// <param name="At">When it was checked last (UTC).</param>
/// <param name="Problem">Why the last check failed; null when it passed.</param>
public sealed record CheckHistory(bool Healthy = true, int Streak = 0, DateTimeOffset? At = null, string? Problem = null)
{
    /// <summary>The history with one more check.</summary>
    public CheckHistory After(string? problem, DateTimeOffset at, ActiveHealthCheck thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        var passed = problem is null;
        if (passed == Healthy)
        {
            return this with { Streak = 0, At = at, Problem = problem };
        }

        var needed = passed ? thresholds.HealthyThreshold : thresholds.UnhealthyThreshold;
        return Streak + 1 >= needed
            ? new CheckHistory(passed, Streak: 0, at, problem)
            : this with { Streak = Streak + 1, At = at, Problem = problem };
    }
}
