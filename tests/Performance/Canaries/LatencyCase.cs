using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Operators.Rollouts.Evidence;

namespace Performance.Canaries;

/// <summary>
/// A canary whose requests take so many times as long as the stable version's, judged as the operator does: slow is what lies beyond the bound of the histogram that is nearest to
/// the stable version's quantile over ten minutes before. Times are logarithmic-normal with a deviation of 0.5 about 100 ms, in the buckets of the embedded gateway.
/// </summary>
/// <param name="Name">What is simulated.</param>
/// <param name="Tail">The share beyond the quantile, such as 0.01 for p99.</param>
/// <param name="Factor">How much longer the canary's requests take.</param>
/// <param name="CanaryRequests">Requests of the canary in an interval; the stable version has nine times as many.</param>
internal sealed record LatencyCase(string Name, double Tail, double Factor, int CanaryRequests) : ICanaryCase
{
    private const int StableForEachOfCanary = 9;
    private const int IntervalsBefore = 20;
    private const int Buckets = 76;
    private const int PerDoubling = 4;
    private const double Shortest = 0.00025;
    private const double Median = 0.1;
    private const double Deviation = 0.5;

    private static readonly double[] Bounds = [.. Enumerable.Range(0, Buckets).Select(static i => Shortest * Math.Pow(2, i / (double)PerDoubling))];

    public bool IsWorse => Factor > 1;

    public IntervalCounts[] Draw(Random random, int intervals)
    {
        var before = new Queue<int[]>();
        var usual = new int[Buckets + 1];
        for (var i = 0; i < IntervalsBefore; i++)
        {
            Keep(Times(random, CanaryRequests * StableForEachOfCanary, 1));
        }

        var drawn = new IntervalCounts[intervals];
        for (var i = 0; i < intervals; i++)
        {
            var bar = TrafficCounts.NearestBound(new LatencyHistogram(Bounds, Array.ConvertAll(usual, static count => (double)count)), Tail)!.Value;
            var first = Array.IndexOf(Bounds, bar) + 1;
            var (stable, canary) = (Times(random, CanaryRequests * StableForEachOfCanary, 1), Times(random, CanaryRequests, Factor));
            drawn[i] = new(stable.AsSpan(first).ToArray().Sum(), CanaryRequests * StableForEachOfCanary, canary.AsSpan(first).ToArray().Sum(), CanaryRequests);
            Keep(stable);
        }

        return drawn;

        void Keep(int[] times)
        {
            before.Enqueue(times);
            Add(times, 1);
            if (before.Count > IntervalsBefore)
            {
                Add(before.Dequeue(), -1);
            }
        }

        void Add(int[] times, int sign)
        {
            for (var i = 0; i < times.Length; i++)
            {
                usual[i] += sign * times[i];
            }
        }
    }

    private static int[] Times(Random random, int requests, double factor)
    {
        var counts = new int[Buckets + 1];
        var middle = PerDoubling * Math.Log2(factor * Median / Shortest);
        for (var i = 0; i < requests; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            counts[Math.Clamp((int)Math.Ceiling(middle + (PerDoubling * Deviation / Math.Log(2) * normal)), 0, Buckets)]++;
        }

        return counts;
    }
}
