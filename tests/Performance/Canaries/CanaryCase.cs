using Operators.Rollouts.Evidence;

namespace Performance.Canaries;

/// <summary>A canary that judges are put before.</summary>
internal interface ICanaryCase
{
    /// <summary>What is simulated.</summary>
    string Name { get; }

    /// <summary>True for one that is to be found.</summary>
    bool IsWorse { get; }

    /// <summary>Its requests in an interval.</summary>
    int CanaryRequests { get; }

    /// <summary>One life of this canary: what each interval counted.</summary>
    IntervalCounts[] Draw(Random random, int intervals);
}

/// <summary>A canary beside a stable version, as chance has it.</summary>
/// <param name="Name">What is simulated.</param>
/// <param name="Stable">Chance that a request of the stable version is bad.</param>
/// <param name="Canary">The same of the canary.</param>
/// <param name="CanaryRequests">Requests of the canary in an interval; the stable version has nine times as many, as at a weight of 10 %.</param>
/// <param name="TurnsAt">Intervals in which the canary does as well as the stable version before it turns bad.</param>
internal sealed record CanaryCase(string Name, double Stable, double Canary, int CanaryRequests, int TurnsAt = 0) : ICanaryCase
{
    private const int StableForEachOfCanary = 9;

    public bool IsWorse => Canary > Stable;

    public IntervalCounts[] Draw(Random random, int intervals)
    {
        var drawn = new IntervalCounts[intervals];
        for (var i = 0; i < intervals; i++)
        {
            var stable = CanaryRequests * StableForEachOfCanary;
            drawn[i] = new(Bad(random, stable, Stable), stable, Bad(random, CanaryRequests, i < TurnsAt ? Stable : Canary), CanaryRequests);
        }

        return drawn;
    }

    /// <summary>Binomial, by the geometric distances between bad requests.</summary>
    private static long Bad(Random random, int requests, double share)
    {
        var bad = 0L;
        for (var at = Distance(random, share); at <= requests; at += Distance(random, share))
        {
            bad++;
        }

        return bad;
    }

    private static double Distance(Random random, double share) => Math.Floor(Math.Log(1 - random.NextDouble()) / Math.Log(1 - share)) + 1;
}
