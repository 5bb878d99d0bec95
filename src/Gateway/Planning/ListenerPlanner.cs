using System.Net;
using System.Net.Security;
using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>Finds out about one listener what does not depend on others.</summary>
internal static class ListenerPlanner
{
    private static readonly IReadOnlyList<RouteGroupKind> HttpRoutes = [new() { Kind = "HTTPRoute" }];

    public static PlannedListener Plan(GatewayResource gateway, Listener listener, IPAddress? address, IClusterView view, Certificates certificates)
    {
        var known = listener.Protocol is Listener.Http or Listener.Https;
        var (kinds, unresolved) = Kinds(listener, known);
        SslStreamCertificateContext? certificate = null;
        if (listener.Protocol == Listener.Https)
        {
            (certificate, var problem) = Certificate(gateway, listener, view, certificates);
            unresolved ??= problem;
        }

        return new PlannedListener
        {
            Id = new(gateway.Metadata.Key, listener.Name),
            Spec = listener,
            Hostname = string.IsNullOrEmpty(listener.Hostname) ? null : listener.Hostname.ToLowerInvariant(),
            Socket = address is null || !known ? null : new SocketKey(address, listener.Port),
            SupportedKinds = kinds,
            NotAccepted = known
                ? null
                : new(GatewayConditions.UnsupportedProtocol, $"protocol: {listener.Protocol} is not served, only {Listener.Http} and {Listener.Https}"),
            Unresolved = unresolved,
            Certificate = certificate,
        };
    }

    private static (IReadOnlyList<RouteGroupKind> Kinds, Problem? Problem) Kinds(Listener listener, bool known)
    {
        if (!known)
        {
            return ([], null);
        }

        var asked = listener.AllowedRoutes.Kinds;
        if (asked.Count == 0)
        {
            return (HttpRoutes, null);
        }

        var supported = asked.Any(kind => kind.IsHttpRoute) ? HttpRoutes : [];
        return asked.FirstOrDefault(kind => !kind.IsHttpRoute) is { } other
            ? (supported, new(GatewayConditions.InvalidRouteKinds, $"allowedRoutes.kinds: routes of kind {other.Kind} are not served, only HTTPRoute"))
            : (supported, null);
    }

    private static (SslStreamCertificateContext? Certificate, Problem? Problem) Certificate(
        GatewayResource gateway, Listener listener, IClusterView view, Certificates certificates)
    {
        if (listener.Tls is not { Mode: "Terminate" } tls || tls.CertificateRefs.Count == 0)
        {
            return (null, new(GatewayConditions.InvalidCertificateRef, "tls: an HTTPS listener needs mode Terminate and a certificateRef"));
        }

        var reference = tls.CertificateRefs[0];
        var key = new ObjectKey(reference.Namespace ?? gateway.Metadata.Namespace, reference.Name);
        if (reference is not { Group: "", Kind: "Secret" })
        {
            return Invalid($"{reference.Kind} {key} is no Secret");
        }

        if (!view.Permits("Gateway", gateway.Metadata.Namespace, "Secret", key))
        {
            return (null, new(GatewayConditions.RefNotPermitted, $"tls.certificateRefs: no ReferenceGrant of {key.Namespace} lets Gateways of {gateway.Metadata.Namespace} use Secret {key.Name}"));
        }

        if (view.FindSecret(key) is not { } secret)
        {
            return Invalid($"there is no Secret {key} of type {TlsSecret.SecretType}");
        }

        var (certificate, problem) = certificates.Read(secret);
        return certificate is null ? Invalid($"Secret {key}: {problem}") : (certificate, null);

        static (SslStreamCertificateContext?, Problem?) Invalid(string what) =>
            (null, new(GatewayConditions.InvalidCertificateRef, $"tls.certificateRefs: {what}"));
    }
}
