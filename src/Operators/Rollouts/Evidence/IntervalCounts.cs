using System.Runtime.InteropServices;

namespace Operators.Rollouts.Evidence;

/// <summary>
/// What stable and canary did in the same interval, counted by one question with a yes or no: did the request fail, or, was it slower than a
/// bar that was set before the interval began.
/// </summary>
/// <param name="StableBad">Requests of the stable version for which the answer is bad; at most <paramref name="StableTotal"/>.</param>
/// <param name="StableTotal">All requests of the stable version.</param>
/// <param name="CanaryBad">Requests of the canary for which the answer is bad; at most <paramref name="CanaryTotal"/>.</param>
/// <param name="CanaryTotal">All requests of the canary.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IntervalCounts(long StableBad, long StableTotal, long CanaryBad, long CanaryTotal)
{
    /// <summary>Both intervals as one.</summary>
    public static IntervalCounts operator +(IntervalCounts left, IntervalCounts right) => new(
        left.StableBad + right.StableBad, left.StableTotal + right.StableTotal, left.CanaryBad + right.CanaryBad, left.CanaryTotal + right.CanaryTotal);
}
