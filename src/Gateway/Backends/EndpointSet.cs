namespace Gateway.Backends;

/// <summary>The instances of a backend at one moment. Immutable but for what is counted in each.</summary>
internal sealed class EndpointSet
{
    private readonly Lazy<MaglevTable> _maglev;

    /// <param name="endpoints">The instances, in any order.</param>
    /// <param name="isHttp2">They speak HTTP/2 without TLS, known beforehand (appProtocol <c>kubernetes.io/h2c</c>).</param>
    public EndpointSet(IEnumerable<BackendEndpoint> endpoints, bool isHttp2)
    {
        Endpoints = [.. endpoints.OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal).ThenBy(endpoint => endpoint.Port)];
        IsHttp2 = isHttp2;
        _maglev = new(() => new MaglevTable([.. Endpoints.Select(endpoint => endpoint.ToString())]));
    }

    public static EndpointSet Empty { get; } = new([], isHttp2: false);

    public IReadOnlyList<BackendEndpoint> Endpoints { get; }

    public bool IsHttp2 { get; }

    /// <summary>Made when it is first needed.</summary>
    public MaglevTable Maglev => _maglev.Value;
}
