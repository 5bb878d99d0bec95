using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>Follows the backend references of one route, and remembers what the first one that can't be followed lacks.</summary>
internal sealed class BackendResolver(HttpRoute route, IClusterView view)
{
    private readonly HashSet<ObjectKey> _services = [];

    /// <summary>Services that were asked for, whether they exist or not.</summary>
    public IReadOnlySet<ObjectKey> Services => _services;

    /// <summary>The first problem; null for none.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>The port of the Service; null when there is none, or none that the route may use.</summary>
    public BackendKey? Resolve(HttpBackendRef reference, string field)
    {
        var key = new ObjectKey(reference.Namespace ?? route.Metadata.Namespace, reference.Name);
        if (reference is not { Group: "", Kind: "Service" })
        {
            return Unresolved(GatewayConditions.InvalidKind, $"{field}: {reference.Kind} {key} is no Service");
        }

        _services.Add(key);
        if (!view.Permits("HTTPRoute", route.Metadata.Namespace, "Service", key))
        {
            return Unresolved(GatewayConditions.RefNotPermitted, $"{field}: no ReferenceGrant of {key.Namespace} lets HTTPRoutes of {route.Metadata.Namespace} use Service {key.Name}");
        }

        if (view.FindService(key) is not { } service)
        {
            return Unresolved(GatewayConditions.BackendNotFound, $"{field}: there is no Service {key}");
        }

        if (service.Spec.Type == "ExternalName")
        {
            // A name outside of the cluster would let whoever may write Services reach what the gateway can reach and they can't.
            return Unresolved(GatewayConditions.BackendNotFound, $"{field}: Service {key} is of type ExternalName, which is not followed");
        }

        return reference.Port is { } port && service.Spec.Ports.Any(candidate => candidate.Port == port)
            ? new BackendKey(key, port)
            : Unresolved(GatewayConditions.BackendNotFound, $"{field}.port: Service {key} has no port {reference.Port}");
    }

    private BackendKey? Unresolved(string reason, string message)
    {
        Problem ??= new(reason, message);
        return null;
    }
}
