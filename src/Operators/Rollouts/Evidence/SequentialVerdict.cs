using System.Globalization;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>What the comparison of canary and stable comes to.</summary>
internal static class SequentialVerdict
{
    /// <summary>Looks at the intervals one after the other. What failed once has failed; what passes passes as long as the evidence lasts.</summary>
    public static (RolloutVerdict Verdict, string Message) Of(ComparisonOptions options, IReadOnlyList<IntervalCounts> intervals, int minimumRequests)
    {
        var comparison = SequentialComparison.Begin(options);
        foreach (var counts in intervals)
        {
            comparison = comparison.After(counts);
            if (comparison.Seen.CanaryTotal >= minimumRequests && comparison.Verdict == RolloutVerdict.Fail)
            {
                return (RolloutVerdict.Fail, Describe(comparison, options));
            }
        }

        var missing = minimumRequests - comparison.Seen.CanaryTotal;
        return missing > 0
            ? (RolloutVerdict.NotEnoughData, string.Create(CultureInfo.InvariantCulture, $"{comparison.Seen.CanaryTotal:N0} of {minimumRequests:N0} requests of the canary that are needed to decide"))
            : (comparison.Verdict, Describe(comparison, options));
    }

    private static string Describe(SequentialComparison comparison, ComparisonOptions options)
    {
        var shares = Shares(comparison.Seen);
        return string.Create(CultureInfo.InvariantCulture, $"{shares}; evidence that it is worse {Short(comparison.EvidenceOfWorse)} of {1 / options.FalseAlarms:0.#}, that it is well {Short(comparison.EvidenceOfWell)} of {1 / options.FalsePasses:0.#}");
    }

    private static string Shares(IntervalCounts seen)
    {
        return $"{Side(seen.CanaryBad, seen.CanaryTotal)} of the canary, {Side(seen.StableBad, seen.StableTotal)} of the stable version";

        static string Side(long bad, long total) => string.Create(CultureInfo.InvariantCulture, $"{bad:N0} of {total:N0} requests ({(total > 0 ? 100.0 * bad / total : 0):0.##} %)");
    }

    private static string Short(double evidence) =>
        evidence >= 1e6 ? "over a million" : evidence.ToString(evidence >= 100 ? "N0" : evidence >= 0.01 || evidence == 0 ? "0.##" : "0e0", CultureInfo.InvariantCulture);
}
