using System.Net;
using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>Plans the Gateways of this gateway's classes: addresses, listeners, and where they are in each other's way.</summary>
internal sealed class GatewayPlanner(PlannerOptions options)
{
    private readonly Certificates _certificates = new();

    /// <summary>Plans them all, since they share addresses and ports.</summary>
    public IReadOnlyDictionary<ObjectKey, PlannedGateway> Plan(IClusterView view)
    {
        var classes = view.Classes.Where(item => item.Spec.ControllerName == options.ControllerName && item.Spec.ParametersRef is null)
            .Select(item => item.Metadata.Name)
            .ToHashSet(StringComparer.Ordinal);
        var gateways = view.Gateways
            .Where(gateway => classes.Contains(gateway.Spec.GatewayClassName))
            .OrderBy(gateway => gateway.Metadata.CreationTimestamp)
            .ThenBy(gateway => gateway.Metadata.Key, ObjectKey.ListOrder)
            .ToList();
        var addresses = AddressPlanner.Assign(gateways, options.Address, options.AddressPool);
        var sockets = new Dictionary<SocketKey, TakenSocket>();
        return gateways.ToDictionary(gateway => gateway.Metadata.Key, gateway => Plan(gateway, addresses[gateway.Metadata.Key], view, sockets));
    }

    private PlannedGateway Plan(GatewayResource gateway, AssignedAddress assigned, IClusterView view, Dictionary<SocketKey, TakenSocket> sockets)
    {
        var problem = gateway.Spec.Infrastructure?.ParametersRef is { } parameters
            ? new Problem(GatewayConditions.InvalidParameters, $"spec.infrastructure.parametersRef: {parameters.Kind} {parameters.Name} is not known; this gateway takes no parameters")
            : assigned.Unsupported;
        var address = problem is null ? assigned.Address : null;
        var listeners = gateway.Spec.Listeners
            .Select(listener => ListenerPlanner.Plan(gateway, listener, address, view, _certificates))
            .ToList();
        return new PlannedGateway { Resource = gateway, Address = address, Problem = problem, Listeners = Settle(listeners, sockets) };
    }

    /// <summary>Listeners of one Gateway that conflict are all refused; one that is in the way of an older Gateway gives way.</summary>
    private static List<PlannedListener> Settle(List<PlannedListener> listeners, Dictionary<SocketKey, TakenSocket> sockets)
    {
        var settled = listeners.ConvertAll(listener => listener with { Conflict = ConflictAmong(listener, listeners) });
        for (var i = 0; i < settled.Count; i++)
        {
            if (settled[i] is { Conflict: null, NotAccepted: null, Socket: { } key } listener)
            {
                settled[i] = listener with { Conflict = Take(listener, key, sockets) };
            }
        }

        return settled;
    }

    private static Problem? ConflictAmong(PlannedListener listener, List<PlannedListener> all)
    {
        var others = all.Where(other => other.Id != listener.Id && other.Spec.Port == listener.Spec.Port && other.NotAccepted is null).ToList();
        if (listener.NotAccepted is not null || others.Count == 0)
        {
            return null;
        }

        return others.Find(other => other.IsTls != listener.IsTls) is { } tls
            ? new(GatewayConditions.ProtocolConflict, $"port: listener {tls.Id.Name} has {tls.Spec.Protocol} on port {listener.Spec.Port}")
            : others.Find(other => other.Hostname == listener.Hostname) is { } same
                ? new(GatewayConditions.HostnameConflict, $"hostname: listener {same.Id.Name} has the same host name on port {listener.Spec.Port}")
                : null;
    }

    private static Problem? Take(PlannedListener listener, SocketKey key, Dictionary<SocketKey, TakenSocket> sockets)
    {
        if (!sockets.TryGetValue(key, out var socket))
        {
            sockets[key] = socket = new(listener.IsTls, []);
        }

        if (socket.IsTls != listener.IsTls)
        {
            return new(GatewayConditions.ProtocolConflict, $"port: an older Gateway has another protocol on {key}");
        }

        return socket.Hosts.TryAdd(listener.Hostname ?? "", listener.Id)
            ? null
            : new(GatewayConditions.HostnameConflict, $"hostname: Gateway {socket.Hosts[listener.Hostname ?? ""].Gateway} has the same host name on {key}");
    }

    private sealed record TakenSocket(bool IsTls, Dictionary<string, ListenerId> Hosts);
}

/// <summary>What planning is configured with.</summary>
/// <param name="ControllerName">Name by which GatewayClasses choose this gateway.</param>
/// <param name="Address">Address of Gateways that ask for none, where there is no pool.</param>
/// <param name="AddressPool">First three numbers of a pool of addresses; null for none.</param>
internal sealed record PlannerOptions(string ControllerName, IPAddress Address, string? AddressPool);
