namespace Fleet.Hosting.Calls;

/// <summary>
/// Where an instance finds the services that it calls: <c>PAYMENT_URL</c> and so on, else the name in the instance's own namespace.
/// </summary>
internal sealed class DependencyAddresses
{
    private readonly Dictionary<string, Uri> _addresses;

    /// <exception cref="ArgumentException">A variable holds no address.</exception>
    public DependencyAddresses(FleetService service, FleetInstance instance) =>
        _addresses = service.Dependencies.ToDictionary(d => d.Name, d => Resolve(d, instance));

    public Uri this[Dependency dependency] => _addresses[dependency.Name];

    private static Uri Resolve(Dependency dependency, FleetInstance instance)
    {
        var variable = dependency.Name.ToUpperInvariant() + "_URL";
        var address = instance.Environment.GetValueOrDefault(variable) ?? $"http://{dependency.Name}.{instance.Namespace}.svc:8080";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new ArgumentException(
                $"{variable} must be an http or https address such as http://{dependency.Name}:8080.", nameof(instance));
    }
}
