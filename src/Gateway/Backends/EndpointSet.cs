using ControlPlane.Kubernetes.Resources.Rollouts;
using Gateway.Rollouts;

namespace Gateway.Backends;

/// <summary>The instances of a backend at one moment. Immutable but for what is counted in each.</summary>
internal sealed class EndpointSet
{
    private readonly Lazy<MaglevTable> _maglev;
    private readonly EndpointSet _stable;
    private readonly EndpointSet _canary;

    /// <param name="endpoints">The instances, in any order.</param>
    /// <param name="isHttp2">They speak HTTP/2 without TLS, known beforehand (appProtocol <c>kubernetes.io/h2c</c>).</param>
    public EndpointSet(IEnumerable<BackendEndpoint> endpoints, bool isHttp2)
    {
        Endpoints = [.. endpoints.OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal).ThenBy(endpoint => endpoint.Port)];
        IsHttp2 = isHttp2;
        _maglev = new(() => new MaglevTable([.. Endpoints.Select(endpoint => endpoint.ToString())]));
        var canaries = Endpoints.Count(IsCanary);
        var isSplit = canaries > 0 && canaries < Endpoints.Count;
        _stable = isSplit ? new(Endpoints.Where(endpoint => !IsCanary(endpoint)), isHttp2) : this;
        _canary = isSplit ? new(Endpoints.Where(IsCanary), isHttp2) : this;
    }

    public static EndpointSet Empty { get; } = new([], isHttp2: false);

    public IReadOnlyList<BackendEndpoint> Endpoints { get; }

    public bool IsHttp2 { get; }

    /// <summary>True when there are canaries, and others: those that don't say what they are count as stable.</summary>
    public bool IsSplit => _stable != _canary;

    /// <summary>Made when it is first needed.</summary>
    public MaglevTable Maglev => _maglev.Value;

    /// <summary>The instances of a track; all of them where it has none.</summary>
    public EndpointSet Of(TrackDraw track) => track == TrackDraw.Stable ? _stable : _canary;

    private static bool IsCanary(BackendEndpoint endpoint) => endpoint.Track == Tracks.Canary;
}
