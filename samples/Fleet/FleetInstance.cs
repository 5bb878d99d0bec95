using System.Net;

namespace Fleet;

/// <summary>
/// What one running copy of a service is given by whoever runs it: a container's entry point, or a node agent that runs many copies in
/// one process. An instance reads nothing else: neither the process's environment nor its console.
/// </summary>
public sealed record FleetInstance
{
    /// <summary>Name of the instance; in a cluster the pod's.</summary>
    public required string Name { get; init; }

    /// <summary>Namespace of the instance, in which it looks for the services that it calls.</summary>
    public required string Namespace { get; init; }

    /// <summary>Node on which it runs; empty when unknown.</summary>
    public string Node { get; init; } = "";

    /// <summary>Zone in which it runs, such as <c>asia-south1-a</c>; empty when unknown.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Version of the service, as its image's tag says.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// Environment variables, references already resolved. <c>PAYMENT_URL</c> is the address of the payment service, and so on for each
    /// service; without it <c>http://payment.{namespace}.svc:8080</c> is called. With <c>GATEWAY_URL</c> calls are sent there, for the host of that
    /// address. <c>FAULTS</c> makes versions worse from their start.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Addresses to listen on, at least one; every address serves everything. Port 0 takes a free one.</summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    /// <summary>
    /// Takes one line of log, a JSON object without a line end. Never called by two threads at once; must not block for long.
    /// </summary>
    public required Action<string> Log { get; init; }

    /// <summary>
    /// Makes the handler of outbound calls; called once, and the instance disposes the handler when it is disposed itself. Build on
    /// <see cref="SocketsHttpHandler"/>, which passes the trace context on; the default resolves names by plain DNS.
    /// </summary>
    public Func<HttpMessageHandler> OutboundHandler { get; init; } = static () => new SocketsHttpHandler
    {
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        // A connection that lives for ever would keep to instances that DNS has long dropped.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };

    /// <summary>
    /// Records, topics and faults that the instance shares with those that are given the same. By default it has its own, as in a container.
    /// </summary>
    public FleetStores Stores { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
