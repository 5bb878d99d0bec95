using System.Globalization;
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
    /// <summary>True when both sides had requests: one side alone says nothing of a difference.</summary>
    public bool IsComparable => StableTotal > 0 && CanaryTotal > 0;

    /// <summary>Both intervals as one.</summary>
    public static IntervalCounts operator +(IntervalCounts left, IntervalCounts right) => new(
        left.StableBad + right.StableBad, left.StableTotal + right.StableTotal, left.CanaryBad + right.CanaryBad, left.CanaryTotal + right.CanaryTotal);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static IntervalCounts Parse(string text) =>
        text.Split(' ', '/') is [var stableBad, var stableTotal, var canaryBad, var canaryTotal]
            ? new(Number(stableBad), Number(stableTotal), Number(canaryBad), Number(canaryTotal))
            : throw new FormatException($"'{text}' is no count of an interval; one looks like 21/3060 12/340");

    /// <summary>As a status keeps it: bad and all requests of the stable version and of the canary, such as <c>21/3060 12/340</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{StableBad}/{StableTotal} {CanaryBad}/{CanaryTotal}");

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
