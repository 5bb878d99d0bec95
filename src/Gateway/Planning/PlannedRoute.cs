using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>An HTTPRoute as it is served.</summary>
internal sealed record PlannedRoute
{
    public required HttpRoute Resource { get; init; }

    /// <summary>Listeners that take it, with the host names under which they do. One entry a listener.</summary>
    public required IReadOnlyList<RouteAttachment> Attachments { get; init; }

    /// <summary>Its matches.</summary>
    public required IReadOnlyList<RouteMatch> Matches { get; init; }

    /// <summary>What is to be said of its parents that are ours.</summary>
    public required IReadOnlyList<RouteParentStatus> Parents { get; init; }

    /// <summary>Services that it names, whether they exist or not.</summary>
    public required IReadOnlySet<ObjectKey> Services { get; init; }
}

/// <summary>A listener that takes a route.</summary>
/// <param name="Listener">The listener.</param>
/// <param name="Hostnames">Host names of both; a null one is every host.</param>
internal sealed record RouteAttachment(ListenerId Listener, IReadOnlyList<string?> Hostnames);
