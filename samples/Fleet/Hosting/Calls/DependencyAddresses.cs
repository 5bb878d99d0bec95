namespace Fleet.Hosting.Calls;

/// <summary>
/// Where an instance finds the services that it calls: <c>PAYMENT_URL</c> and so on, else the name in the instance's own namespace; and the gateway between,
/// <c>GATEWAY_URL</c>.
/// </summary>
internal sealed class DependencyAddresses
{
    private const string GatewayVariable = "GATEWAY_URL";

    private readonly Dictionary<string, Uri> _addresses;

    /// <exception cref="ArgumentException">A variable holds no address.</exception>
    public DependencyAddresses(FleetService service, FleetInstance instance)
    {
        _addresses = service.Dependencies.ToDictionary(d => d.Name, d => Resolve(d, instance));
        Gateway = instance.Environment.GetValueOrDefault(GatewayVariable) is { Length: > 0 } gateway ? Read(GatewayVariable, gateway, "http://127.0.0.1:5082") : null;
    }

    /// <summary>The service itself, whatever stands in between.</summary>
    public Uri this[Dependency dependency] => _addresses[dependency.Name];

    /// <summary>The gateway that calls go to; null for none.</summary>
    public Uri? Gateway { get; }

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
