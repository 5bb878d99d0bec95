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
        var asked = gateways.ToDictionary(gateway => gateway.Metadata.Key, Asked);
        if (pool is null)
        {
            return asked.ToDictionary(gateway => gateway.Key, gateway => gateway.Value ?? new(shared));
        }

        var taken = new HashSet<string>(gateways.SelectMany(gateway => gateway.Spec.Addresses).Select(address => address.Value ?? ""), StringComparer.Ordinal);
        var given = FromPool([.. gateways.Where(gateway => asked[gateway.Metadata.Key] is null)], pool, taken);
        return asked.ToDictionary(gateway => gateway.Key, gateway => gateway.Value ?? new(given[gateway.Key]));
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

    /// <summary>Who has an address keeps it, whoever comes: a Gateway of the same second with a smaller name stands before it in the order.</summary>
    private static Dictionary<ObjectKey, IPAddress?> FromPool(IReadOnlyList<GatewayResource> gateways, string pool, HashSet<string> taken)
    {
        var given = gateways.ToDictionary(gateway => gateway.Metadata.Key, gateway => Held(gateway, pool) is { } held && taken.Add(held) ? IPAddress.Parse(held) : null);
        foreach (var gateway in gateways)
        {
            given[gateway.Metadata.Key] ??= Free(pool, taken);
        }

        return given;
    }

    private static string? Held(GatewayResource gateway, string pool) => gateway.Status?.Addresses
        .Select(address => address.Value)
        .FirstOrDefault(value => value?.StartsWith(pool + ".", StringComparison.Ordinal) == true && IPAddress.TryParse(value, out _));

    private static IPAddress? Free(string pool, HashSet<string> taken) => Enumerable.Range(1, PoolSize)
        .Select(number => string.Create(CultureInfo.InvariantCulture, $"{pool}.{number}"))
        .FirstOrDefault(taken.Add) is { } free
            ? IPAddress.Parse(free)
            : null;
}
