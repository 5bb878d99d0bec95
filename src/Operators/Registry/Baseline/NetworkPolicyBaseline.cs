using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>
/// The NetworkPolicy, both ways from the dependency graph: callers come in on the service's ports (others, where a traffic policy says who may call),
/// and it goes out to what it depends on, to its datastores, to declared outside systems and to DNS. Nothing else.
/// </summary>
internal static class NetworkPolicyBaseline
{
    private const string NamespaceName = "kubernetes.io/metadata.name";

    /// <summary>Where the control plane (active health checks) and Prometheus run.</summary>
    private static readonly string[] ObserverNamespaces = ["dabbawala-system", "monitoring"];

    public static DesiredObject Plan(ServiceSnapshot snapshot)
    {
        var service = snapshot.Service;
        return DesiredObject.From(KnownResources.NetworkPolicies, new V1NetworkPolicy
        {
            Metadata = BaselineMetadata.For(service, service.Spec.Workload!.ObjectNames?.NetworkPolicy),
            Spec = new V1NetworkPolicySpec
            {
                PodSelector = new V1LabelSelector { MatchLabels = BaselineMetadata.PodSelector(service) },
                PolicyTypes = ["Ingress", "Egress"],
                Ingress = [.. Ingress(snapshot)],
                Egress = [.. Egress(snapshot)],
            },
        });
    }

    private static IEnumerable<V1NetworkPolicyIngressRule> Ingress(ServiceSnapshot snapshot)
    {
        var workload = snapshot.Service.Spec.Workload!;
        List<V1NetworkPolicyPort> ports = [.. WorkloadPorts.Targets(workload).Select(port => Port(port.Port, port.Protocol))];
        List<V1NetworkPolicyPeer> callers =
        [
            .. Callers(snapshot).OrderBy(caller => caller.Key, ObjectKey.ListOrder).Select(caller => Peer(snapshot.Service, caller)),
            .. workload.Network.AllowFrom.Select(Peer),
        ];
        if (callers.Count > 0)
        {
            yield return new V1NetworkPolicyIngressRule { FromProperty = callers, Ports = ports };
        }

        if (workload.Monitoring.Enabled || snapshot.Service.Spec.HealthCheck is not null)
        {
            yield return new V1NetworkPolicyIngressRule
            {
                FromProperty = [.. ObserverNamespaces.Select(ns => new V1NetworkPolicyPeer { NamespaceSelector = InNamespace(ns) })],
                Ports = ports,
            };
        }
    }

    private static IEnumerable<Neighbour> Callers(ServiceSnapshot snapshot) => snapshot.Access is { } access
        ? (access.Dependents ? snapshot.Callers : []).Concat(access.Others).DistinctBy(caller => caller.Key)
        : snapshot.Callers;

    private static IEnumerable<V1NetworkPolicyEgressRule> Egress(ServiceSnapshot snapshot)
    {
        yield return new V1NetworkPolicyEgressRule { Ports = [Port(53, "UDP"), Port(53, "TCP")] };

        foreach (var dependency in snapshot.Dependencies.OrderBy(dependency => dependency.Key, ObjectKey.ListOrder))
        {
            yield return new V1NetworkPolicyEgressRule
            {
                To = [Peer(snapshot.Service, dependency)],
                Ports = dependency.Ports.Count > 0 ? [.. dependency.Ports.Select(port => Port(port.Port, port.Protocol))] : null,
            };
        }

        var spec = snapshot.Service.Spec;
        var outside = spec.Datastores.Where(store => store.Port is not null).Select(store => (store.Cidr, Port: store.Port!.Value))
            .Concat(spec.ExternalDependencies.Select(external => (external.Cidr, external.Port)));
        foreach (var group in outside.GroupBy(target => target.Cidr).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            yield return new V1NetworkPolicyEgressRule
            {
                To = group.Key is { } cidr ? [new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = cidr } }] : null,
                Ports = [.. group.Select(target => target.Port).Distinct().Order().Select(port => Port(port, "TCP"))],
            };
        }
    }

    private static V1NetworkPolicyPeer Peer(ManagedService self, Neighbour neighbour) => new()
    {
        NamespaceSelector = neighbour.Key.Namespace == self.Metadata.Namespace ? null : InNamespace(neighbour.Key.Namespace),
        PodSelector = new V1LabelSelector { MatchLabels = neighbour.PodLabels?.ToDictionary() },
    };

    private static V1NetworkPolicyPeer Peer(NetworkCaller caller) => caller.Cidr is { } cidr
        ? new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = cidr } }
        : new V1NetworkPolicyPeer
        {
            NamespaceSelector = caller.Namespace is { } ns ? InNamespace(ns) : null,
            PodSelector = caller.PodLabels is { } labels ? new V1LabelSelector { MatchLabels = labels.ToDictionary() } : null,
        };

    private static V1LabelSelector InNamespace(string ns) => new() { MatchLabels = new Dictionary<string, string> { [NamespaceName] = ns } };

    private static V1NetworkPolicyPort Port(int port, string protocol) => new() { Port = port, Protocol = protocol };
}
