using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;

namespace Gateway.Planning;

/// <summary>What planning may look up: the cluster at one moment.</summary>
internal interface IClusterView
{
    IReadOnlyCollection<GatewayClass> Classes { get; }

    IReadOnlyCollection<GatewayResource> Gateways { get; }

    IReadOnlyCollection<HttpRoute> Routes { get; }

    HttpRoute? FindRoute(ObjectKey key);

    Service? FindService(ObjectKey key);

    NamespaceLabels? FindNamespace(string name);

    TlsSecret? FindSecret(ObjectKey key);

    /// <summary>Grants of a namespace.</summary>
    IReadOnlyCollection<ReferenceGrant> GrantsOf(string ns);
}

/// <summary>Lookups that follow from those of the view.</summary>
internal static class ClusterViewExtensions
{
    /// <summary>True when an object may refer to one that may be in another namespace.</summary>
    public static bool Permits(this IClusterView view, string fromKind, string fromNamespace, string toKind, ObjectKey to) =>
        fromNamespace == to.Namespace || view.GrantsOf(to.Namespace).Any(grant => grant.Permits(fromKind, fromNamespace, toKind, to.Name));
}
