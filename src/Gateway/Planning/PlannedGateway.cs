using System.Net;
using System.Net.Security;
using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>A Gateway as routes and sockets see it.</summary>
internal sealed record PlannedGateway
{
    public required GatewayResource Resource { get; init; }

    /// <summary>Where it listens; null when it has no address.</summary>
    public required IPAddress? Address { get; init; }

    /// <summary>Why the whole of it can't be accepted; null when it can.</summary>
    public Problem? Problem { get; init; }

    public required IReadOnlyList<PlannedListener> Listeners { get; init; }

    public ObjectKey Key => Resource.Metadata.Key;
}

/// <summary>A listener with what was found out about it.</summary>
internal sealed record PlannedListener
{
    public required ListenerId Id { get; init; }

    public required Listener Spec { get; init; }

    /// <summary>Host name in lower case; null for all.</summary>
    public required string? Hostname { get; init; }

    /// <summary>The socket; null when the Gateway has no address or was not accepted.</summary>
    public required SocketKey? Socket { get; init; }

    /// <summary>Kinds of routes that it takes.</summary>
    public required IReadOnlyList<RouteGroupKind> SupportedKinds { get; init; }

    public Problem? NotAccepted { get; init; }

    public Problem? Unresolved { get; init; }

    public Problem? Conflict { get; init; }

    /// <summary>The certificate of an HTTPS listener.</summary>
    public SslStreamCertificateContext? Certificate { get; init; }

    public bool IsTls => Spec.Protocol == Listener.Https;

    public bool TakesHttpRoutes => SupportedKinds.Any(kind => kind.IsHttpRoute);

    /// <summary>True when requests can come through it.</summary>
    public bool Serves => Socket is not null && NotAccepted is null && Conflict is null && TakesHttpRoutes && (!IsTls || Certificate is not null);
}
