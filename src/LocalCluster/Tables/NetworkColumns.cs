using System.Text.Json.Nodes;
using LocalCluster.Resources;
using static LocalCluster.Tables.Cells;

namespace LocalCluster.Tables;

/// <summary>The columns of the kinds that connect pods.</summary>
internal static class NetworkColumns
{
    private const int Shown = 3;

    /// <summary>The columns by the name under which objects are stored.</summary>
    public static IEnumerable<KeyValuePair<string, TableColumn[]>> All(TimeProvider clock) =>
    [
        new("services",
        [
            Column("Type", "spec.type"), Column("Cluster-IP", "spec.clusterIP", None), new("External-IP", ExternalAddress),
            new("Port(s)", Ports), Age(clock), Wide("Selector", o => Labels(o.Json.At("spec.selector"))),
        ]),
        new("endpoints", [new("Endpoints", EndpointAddresses), Age(clock)]),
        new("endpointslices.discovery.k8s.io",
        [
            Column("AddressType", "addressType"), new("Ports", SlicePorts),
            new("Endpoints", o => JoinFirst([.. o.Json.Items("endpoints").SelectMany(e => e.Items("addresses")).Select(a => (string)a!)], Shown, "<unset>")),
            Age(clock),
        ]),
        new("ingresses.networking.k8s.io",
        [
            Column("Class", "spec.ingressClassName", None), new("Hosts", Hosts), new("Address", o => LoadBalancer(o, "")),
            new("Ports", o => o.Json.Items("spec.tls").Count > 0 ? "80, 443" : "80"), Age(clock),
        ]),
        new("ingressclasses.networking.k8s.io",
        [
            Column("Controller", "spec.controller"), new("Parameters", IngressParameters), Age(clock),
        ]),
        new("networkpolicies.networking.k8s.io", [new("Pod-Selector", o => Selector(o.Json.At("spec.podSelector"))), Age(clock)]),
        new("ipaddresses.networking.k8s.io", [new("ParentRef", ParentReference), Age(clock)]),
        new("servicecidrs.networking.k8s.io", [new("CIDRs", o => string.Join(",", o.Json.Items("spec.cidrs").Select(c => (string)c!))), Age(clock)]),
    ];

    private static JsonNode? ExternalAddress(KubeObject service)
    {
        var external = service.Json.Items("spec.externalIPs").Select(ip => (string)ip!);
        return service.Json.Text("spec.type") switch
        {
            "ExternalName" => service.Json.Text("spec.externalName"),
            "LoadBalancer" => LoadBalancer(service, "") is { Length: > 0 } addresses
                ? Join([addresses, .. external])
                : Join(external) is not None and var given ? given : "<pending>",
            _ => Join(external),
        };
    }

    private static string LoadBalancer(KubeObject obj, string absent)
    {
        var addresses = obj.Json.Items("status.loadBalancer.ingress")
            .Select(i => i.Text("ip") is { Length: > 0 } ip ? ip : i.Text("hostname")).Where(a => a.Length > 0).Distinct().Order(StringComparer.Ordinal);
        return string.Join(",", addresses) is { Length: > 0 } joined ? joined : absent;
    }

    private static JsonNode? Ports(KubeObject service) => Join(service.Json.Items("spec.ports").Select(port =>
        port.Number("nodePort") is > 0 and var nodePort
            ? $"{port.Number("port")}:{nodePort}/{port.Text("protocol")}"
            : $"{port.Number("port")}/{port.Text("protocol")}"));

    private static JsonNode? EndpointAddresses(KubeObject endpoints)
    {
        var addresses = endpoints.Json.Items("subsets").SelectMany(subset =>
        {
            var ips = subset.Items("addresses").Select(a => a.Text("ip")).ToList();
            var ports = subset.Items("ports");
            return ports.Count == 0 ? ips : ports.SelectMany(port => ips.Select(ip => ip.Contains(':') ? $"[{ip}]:{port.Number("port")}" : $"{ip}:{port.Number("port")}"));
        });
        return JoinFirst([.. addresses], Shown, None);
    }

    private static JsonNode? SlicePorts(KubeObject slice) => JoinFirst(
        [.. slice.Json.Items("ports").Select(p => p.At("port") is not null ? $"{p.Number("port")}" : p.Text("name") is { Length: > 0 } name ? name : "*")],
        Shown,
        "<unset>");

    private static JsonNode? Hosts(KubeObject ingress) =>
        JoinFirst([.. ingress.Json.Items("spec.rules").Select(r => r.Text("host")).Where(h => h.Length > 0)], Shown, "*");

    private static JsonNode? IngressParameters(KubeObject ingressClass) =>
        ingressClass.Json.At("spec.parameters") is not { } parameters ? None
        : parameters.Text("apiGroup") is { Length: > 0 } group ? $"{parameters.Text("kind")}.{group}/{parameters.Text("name")}"
        : $"{parameters.Text("kind")}/{parameters.Text("name")}";

    private static JsonNode? ParentReference(KubeObject address)
    {
        if (address.Json.At("spec.parentRef") is not { } parent)
        {
            return None;
        }

        var resource = parent.Text("group") is { Length: > 0 } group ? $"{parent.Text("resource")}.{group}" : parent.Text("resource");
        return string.Join('/', new[] { resource.ToLowerInvariant(), parent.Text("namespace"), parent.Text("name") }.Where(p => p.Length > 0));
    }
}
