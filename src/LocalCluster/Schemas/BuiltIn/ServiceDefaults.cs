using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>Defaults of services, endpoints and network policies (pkg/apis/{core,networking}/v1/defaults.go).</summary>
internal static class ServiceDefaults
{
    private const int StickySeconds = 10_800;

    public static DefaultRule[] All =>
    [
        new("io.k8s.api.core.v1.Service", Service),
        new("io.k8s.api.core.v1.ServicePort", ServicePort),
        new("io.k8s.api.networking.v1.NetworkPolicySpec", PolicyTypes),
    ];

    private static void Service(JsonObject service)
    {
        var spec = service.GetOrAdd("spec");
        if (spec.TextOf("sessionAffinity") == "ClientIP")
        {
            spec.GetOrAdd("sessionAffinityConfig").GetOrAdd("clientIP").SetDefault("timeoutSeconds", () => StickySeconds);
        }
        else
        {
            spec.Remove("sessionAffinityConfig");
        }

        var type = spec.TextOf("type");
        if (type is not "ExternalName")
        {
            spec.SetDefault("internalTrafficPolicy", () => "Cluster");
        }

        if (type is "NodePort" or "LoadBalancer" || (type is "" or "ClusterIP" && spec["externalIPs"] is JsonArray { Count: > 0 }))
        {
            spec.SetDefault("externalTrafficPolicy", () => "Cluster");
        }

        if (type is "LoadBalancer")
        {
            spec.SetDefault("allocateLoadBalancerNodePorts", () => true);
            foreach (var ingress in (service["status"]?["loadBalancer"] as JsonObject).ObjectsOf("ingress"))
            {
                if (ingress.TextOf("ip").Length > 0)
                {
                    ingress.SetDefault("ipMode", () => "VIP");
                }
            }
        }
    }

    private static void ServicePort(JsonObject port)
    {
        var target = port["targetPort"];
        if (target is null || (target.TryInteger(out var number) && number == 0) || (target.TryString(out var name) && name.Length == 0))
        {
            port["targetPort"] = port["port"]?.DeepClone() ?? 0;
        }
    }

    /// <summary>A policy that does not say which traffic it is about is about incoming traffic, and outgoing if it has rules for that.</summary>
    private static void PolicyTypes(JsonObject spec) => spec.SetDefault("policyTypes", () =>
        spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress"));
}
