namespace Fleet.Hosting.Calls;

/// <summary>
/// Where an instance finds the services that it calls: <c>PAYMENT_URL</c> and so on, else the name in the instance's own namespace. With
/// <c>GATEWAY_URL</c> requests go to that gateway, and the service's address is the host that they ask for.
/// </summary>
internal sealed class DependencyAddresses
{
    private const string GatewayVariable = "GATEWAY_URL";

    private readonly Dictionary<string, Uri> _addresses;
    private readonly Uri? _gateway;

    /// <exception cref="ArgumentException">A variable holds no address.</exception>
    public DependencyAddresses(FleetService service, FleetInstance instance)
    {
        _addresses = service.Dependencies.ToDictionary(d => d.Name, d => Resolve(d, instance));
        _gateway = instance.Environment.GetValueOrDefault(GatewayVariable) is { Length: > 0 } gateway ? Read(GatewayVariable, gateway, "http://127.0.0.1:5082") : null;
    }

    /// <summary>The service itself, whatever stands in between.</summary>
    public Uri this[Dependency dependency] => _addresses[dependency.Name];

    /// <summary>A request of a service, by way of the gateway where there is one.</summary>
    public HttpRequestMessage Request(HttpMethod method, Dependency dependency, string path)
    {
        var address = this[dependency];
        var request = new HttpRequestMessage(method, new Uri(_gateway ?? address, path));
        request.Headers.Host = _gateway is null ? null : address.Authority;
        return request;
    }

    private static Uri Resolve(Dependency dependency, FleetInstance instance)
    {
        var variable = dependency.Name.ToUpperInvariant() + "_URL";
        var address = instance.Environment.GetValueOrDefault(variable) ?? $"http://{dependency.Name}.{instance.Namespace}.svc:8080";
        return Read(variable, address, $"http://{dependency.Name}:8080");
    }

    private static Uri Read(string variable, string address, string example) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new ArgumentException($"{variable} must be an http or https address such as {example}.", nameof(address));
}
