using System.Globalization;
using System.Net;
using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;

namespace Gateway.Planning;

/// <summary>The address of a Gateway, or why it has none.</summary>
/// <param name="Address">Where it listens; null when it can't.</param>
/// <param name="Unsupported">The address that it asks for is of no kind that there is: it can't be accepted.</param>
internal sealed record AssignedAddress(IPAddress? Address, Problem? Unsupported = null);

/// <summary>
/// Gives every Gateway an address: the one that it asks for, else one of the pool (the one that its status shows, as long as no older Gateway
/// has it), else, without a pool, the one that all share.
/// </summary>
internal static class AddressPlanner
{
    private const int PoolSize = 254;

    /// <summary>Assigns addresses.</summary>
    /// <param name="gateways">The Gateways, the oldest first.</param>
    /// <param name="shared">The address of Gateways that ask for none, where there is no pool.</param>
    /// <param name="pool">First three numbers of the pool's addresses, such as <c>127.90.0</c>; null for no pool.</param>
    public static IReadOnlyDictionary<ObjectKey, AssignedAddress> Assign(IReadOnlyList<GatewayResource> gateways, IPAddress shared, string? pool)
    {
        var assigned = new Dictionary<ObjectKey, AssignedAddress>();
        var taken = new HashSet<string>(gateways.SelectMany(gateway => gateway.Spec.Addresses).Select(address => address.Value ?? ""), StringComparer.Ordinal);
        foreach (var gateway in gateways)
        {
            assigned[gateway.Metadata.Key] = Asked(gateway) ?? (pool is null ? new AssignedAddress(shared) : FromPool(gateway, pool, taken));
        }

        return assigned;
    }

    private static AssignedAddress? Asked(GatewayResource gateway)
    {
        if (gateway.Spec.Addresses.FirstOrDefault(address => address.Type != GatewayAddress.IpAddress) is { } other)
        {
            return new(null, new(GatewayConditions.UnsupportedAddress, $"spec.addresses: addresses of type {other.Type} can't be had, only {GatewayAddress.IpAddress}"));
        }

        var value = gateway.Spec.Addresses.FirstOrDefault(address => !string.IsNullOrEmpty(address.Value))?.Value;
        if (value is null)
        {
            return null;
        }

        return IPAddress.TryParse(value, out var address)
            ? new(address)
            : new(null, new(GatewayConditions.UnsupportedAddress, $"spec.addresses: '{value}' is no IP address"));
    }

    private static AssignedAddress FromPool(GatewayResource gateway, string pool, HashSet<string> taken)
    {
        var before = gateway.Status?.Addresses.Select(address => address.Value).FirstOrDefault(value => value?.StartsWith(pool + ".", StringComparison.Ordinal) == true);
        var wanted = before is not null && IPAddress.TryParse(before, out _) ? [before] : Enumerable.Empty<string>();
        var numbered = Enumerable.Range(1, PoolSize).Select(number => string.Create(CultureInfo.InvariantCulture, $"{pool}.{number}"));
        var free = wanted.Concat(numbered).FirstOrDefault(candidate => !taken.Contains(candidate));
        if (free is null)
        {
            return new(null);
        }

        taken.Add(free);
        return new(IPAddress.Parse(free));
    }
}
