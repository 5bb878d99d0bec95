using System.Globalization;
using Microsoft.Extensions.Configuration;
using Operators.Traffic.Providers;

namespace Operators.Traffic;

/// <summary>What the configuration says of the data plane: section <c>Traffic</c>, see docs/traffic/providers.md.</summary>
/// <param name="Provider">Name of the provider that policies are rendered for (<c>Traffic:Provider</c>); null to go by what the cluster serves.</param>
/// <param name="SharedCounters">The Redis in which proxies count limits together (<c>Traffic:SharedCounters</c>, <c>host:port</c>); null for none.</param>
public sealed record TrafficOptions(string? Provider, SharedCounterStore? SharedCounters)
{
    private const int HighestPort = 65535;

    /// <summary>Nothing said: the provider is found by discovery, and proxies count each on its own.</summary>
    public static TrafficOptions Default { get; } = new(null, null);

    /// <summary>Reads the section.</summary>
    /// <exception cref="FormatException">A setting has a value that it can't have; the message names it and says what it may be.</exception>
    public static TrafficOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new(ProviderOf(configuration["Traffic:Provider"]), CountersOf(configuration["Traffic:SharedCounters"]));
    }

    private static string? ProviderOf(string? name)
    {
        var known = TrafficProviders.All().Select(static provider => provider.Name).ToList();
        return string.IsNullOrWhiteSpace(name) ? null
            : known.Contains(name) ? name
            : throw new FormatException($"Traffic:Provider is '{name}', and must be one of {string.Join(", ", known)}, or absent to go by what the cluster serves");
    }

    private static SharedCounterStore? CountersOf(string? address)
    {
        if (string.IsNullOrWhiteSpace(address))
        {
            return null;
        }

        var parts = address.Split(':');
        return parts is [{ Length: > 0 } host] ? new(host)
            : parts is [{ Length: > 0 } named, var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= HighestPort ? new(named, port)
            : throw new FormatException($"Traffic:SharedCounters is '{address}', and must be the host of a Redis, or host:port");
    }
}
