using Gateway.Policies;
using Gateway.Routing;

namespace Gateway.Backends;

/// <summary>A port of a Service with its instances. It outlives configurations: what is counted goes on.</summary>
internal sealed class Backend(BackendKey key, ServiceTraffic traffic)
{
    private volatile EndpointSet _endpoints = EndpointSet.Empty;

    public BackendKey Key { get; } = key;

    /// <summary>What holds for its Service.</summary>
    public ServiceTraffic Traffic { get; } = traffic;

    public Balancer Balancer { get; } = new();

    public OutlierEjection Outliers { get; } = new();

    public EndpointSet Endpoints => _endpoints;

    /// <summary>Version of the Service, by its label; empty for none.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Swaps the instances. Those that stay keep what was counted of them.</summary>
    /// <param name="endpoints">Addresses and ports.</param>
    /// <param name="isHttp2">Whether they speak HTTP/2.</param>
    /// <param name="version">Version of the Service.</param>
    /// <param name="dial">The address to dial for an address.</param>
    public void Use(IReadOnlyList<(string Address, int Port)> endpoints, bool isHttp2, string version, Func<string, string> dial)
    {
        var known = _endpoints.Endpoints.ToDictionary(endpoint => (endpoint.Address, endpoint.Port));
        Version = version;
        if (known.Count == endpoints.Count && endpoints.All(known.ContainsKey) && _endpoints.IsHttp2 == isHttp2)
        {
            return;
        }

        _endpoints = new EndpointSet(
            endpoints.Select(endpoint => known.GetValueOrDefault(endpoint) ?? new BackendEndpoint(endpoint.Address, endpoint.Port, dial(endpoint.Address))), isHttp2);
    }
}
