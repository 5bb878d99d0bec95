using System.Net;
using ControlPlane.Kubernetes.Resources;
using Gateway.Policies;

namespace Gateway.Hosting;

/// <summary>How a gateway is run.</summary>
public sealed record GatewayOptions
{
    /// <summary>Name by which GatewayClasses choose this gateway.</summary>
    public string ControllerName { get; init; } = "dabbawala.dev/gateway";

    /// <summary>Its name among its replicas. Default: the host's name and the process id.</summary>
    public string Name { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>
    /// Where the control plane reads the report of circuits and limits over HTTP (<c>Traffic:Gateways</c>), port 0 for any; null for nowhere, where
    /// both are one process. Whoever reaches it may read it: keep it to the control plane, by NetworkPolicy in a cluster.
    /// </summary>
    public IPEndPoint? ReportOn { get; init; }

    /// <summary>
    /// Redis in which gateways count limits with <c>counter: Shared</c> together, as StackExchange.Redis reads it (<c>redis:6379,password=…</c>); null for
    /// none: then each counts by itself, and says so. Holds a secret.
    /// </summary>
    public string? SharedCounter { get; init; }

    /// <summary>The Lease by which several gateways of one <see cref="ControllerName"/> elect the one that writes the status; null when there can be no other.</summary>
    public ObjectKey? StatusLease { get; init; }

    /// <summary>How long clients may take to send their headers, and how long to send nothing much (240 bytes a second) of a body. More than 1 s.</summary>
    public TimeSpan ClientPatience { get; init; } = TimeSpan.FromSeconds(15);

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
