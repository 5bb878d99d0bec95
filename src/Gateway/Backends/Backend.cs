using Gateway.Policies;
using Gateway.Rollouts;
using Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends;

/// <summary>A port of a Service with its instances. It outlives configurations: what is counted goes on.</summary>
internal sealed class Backend(BackendKey key, ServiceTraffic traffic)
{
    private volatile EndpointSet _endpoints = EndpointSet.Empty;
    private volatile TrackSplit _split = TrackSplit.AllStable;

    public BackendKey Key { get; } = key;

    /// <summary>What holds for its Service.</summary>
    public ServiceTraffic Traffic { get; } = traffic;

    public Balancer Balancer { get; } = new();

    public OutlierEjection Outliers { get; } = new();

    public EndpointSet Endpoints => _endpoints;

    /// <summary>Version of the Service, by its label; empty for none.</summary>
    public string Version { get; private set; } = "";

    /// <summary>There are instances whose Pods have not been heard of yet.</summary>
    public bool AwaitsPods { get; private set; }

    /// <summary>Draws the version that takes a request. Where all instances are of one, and so nearly always, that costs nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="algorithm">How instances are chosen.</param>
    /// <param name="hash">Hash of what equal requests have in common.</param>
    public TrackDraw Draw(HttpRequest request, BalancingAlgorithm algorithm, ulong hash) =>
        _endpoints.IsSplit ? TrackDraws.Of(_split, request, algorithm, hash) : TrackDraw.Stable;

    /// <summary>Draws whether a canary gets a copy of a request.</summary>
    public bool DrawMirror(TrackDraw track) =>
        track == TrackDraw.Stable && _endpoints.IsSplit && _split.Mirror is > 0 and var percent && Random.Shared.NextDouble() * 100 < percent;

    /// <summary>Follows another split, from the next request on.</summary>
    public void Use(TrackSplit? split) => _split = split ?? TrackSplit.AllStable;

    /// <summary>Swaps the instances. Those that stay keep what was counted of them.</summary>
    /// <param name="plan">The instances.</param>
    /// <param name="version">Version of the Service.</param>
    /// <param name="dial">The address to dial for an address.</param>
    public void Use(EndpointPlan plan, string version, Func<string, string> dial)
    {
        var known = _endpoints.Endpoints.ToDictionary(endpoint => new PlannedEndpoint(endpoint.Address, endpoint.Port, endpoint.Track));
        (Version, AwaitsPods) = (version, plan.AwaitsPods);
        if (known.Count == plan.Endpoints.Count && plan.Endpoints.All(known.ContainsKey) && _endpoints.IsHttp2 == plan.IsHttp2)
        {
            return;
        }

        _endpoints = new EndpointSet(
            plan.Endpoints.Select(endpoint => known.GetValueOrDefault(endpoint) ?? new BackendEndpoint(endpoint.Address, endpoint.Port, dial(endpoint.Address), endpoint.Track)), plan.IsHttp2);
    }
}
