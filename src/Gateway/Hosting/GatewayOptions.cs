using System.Net;
using Gateway.Policies;

namespace Gateway.Hosting;

/// <summary>How a gateway is run.</summary>
public sealed record GatewayOptions
{
    /// <summary>Name by which GatewayClasses choose this gateway.</summary>
    public string ControllerName { get; init; } = "dabbawala.dev/gateway";

    /// <summary>Address of Gateways that ask for none, where there is no pool. Default: loopback.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>First three numbers of addresses, such as <c>127.90.0</c>, of which every Gateway that asks for none gets one of its own; null for none.</summary>
    public string? AddressPool { get; init; }

    /// <summary>Proxies of our own before the gateway: so many entries of <c>X-Forwarded-For</c> are believed. Default 0.</summary>
    public int TrustedProxies { get; init; }

    /// <summary>The address to dial for an instance's address.</summary>
    public Func<string, string> Dial { get; init; } = static address => address;

    /// <summary>What holds for Services; null for what the fleet's policies in the cluster say.</summary>
    public IPolicySource? Policies { get; init; }

    /// <summary>How long requests that are under way may take when a socket is closed.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
