using Gateway.Backends;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Rollouts;

/// <summary>Which version takes a request. Drawn once, so that tries of one request stay on one track.</summary>
internal enum TrackDraw
{
    /// <summary>What users have.</summary>
    Stable,

    /// <summary>The canary, on trial: how it does says nothing of the service. Its circuit, its pool and its retry budget are for the users of the stable version.</summary>
    Trial,

    /// <summary>The canary, which takes all requests: it is the service.</summary>
    Whole,
}

/// <summary>Draws tracks.</summary>
internal static class TrackDraws
{
    /// <summary>Draws the track of a request.</summary>
    /// <param name="split">How requests are shared.</param>
    /// <param name="request">The request.</param>
    /// <param name="algorithm">How the service balances: where it hashes, users stay on a track, and those who are on the canary stay there as its weight grows.</param>
    /// <param name="hash">Hash of what equal requests have in common.</param>
    public static TrackDraw Of(TrackSplit split, HttpRequest request, BalancingAlgorithm algorithm, ulong hash)
    {
        if (split.Weight >= 100)
        {
            return TrackDraw.Whole;
        }

        if (split.Match is { } match && TrackMatch.Fits(match, request))
        {
            return TrackDraw.Trial;
        }

        return split.Weight > 0 && Place(split, algorithm, hash) < split.Weight ? TrackDraw.Trial : TrackDraw.Stable;
    }

    /// <summary>From 0 to below 100.</summary>
    private static double Place(TrackSplit split, BalancingAlgorithm algorithm, ulong hash) =>
        algorithm == BalancingAlgorithm.ConsistentHash ? (StableHash.Mix(hash ^ split.Salt) >> 11) * (100d / (1UL << 53)) : Random.Shared.NextDouble() * 100;
}
