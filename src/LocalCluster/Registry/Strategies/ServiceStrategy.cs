using System.Text.Json.Nodes;
using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>Services: what their type implies, and the addresses that they are given.</summary>
/// <param name="addresses">What is taken.</param>
internal sealed class ServiceStrategy(ServiceAddresses addresses) : ObjectStrategy
{
    private const string Headless = "None";

    /// <inheritdoc/>
    public override SemaphoreSlim? Turn => addresses.Turn;

    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context)
    {
        obj.Json["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        Complete(obj, null);
    }

    /// <inheritdoc/>
    public override void PrepareForUpdate(KubeObject obj, KubeObject old, RegistryContext context)
    {
        KeepAllocated(obj, old);
        if (Type(obj) != "LoadBalancer")
        {
            obj.Json["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        }

        Complete(obj, old);
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context) =>
        ServiceValidation.Validate(obj, old).Concat(ValidateTaken(obj));

    private IEnumerable<FieldError> ValidateTaken(KubeObject obj)
    {
        foreach (var (index, address) in obj.Json.Items("spec.clusterIPs").Index())
        {
            if (addresses.OwnerOf((string)address!) is { } owner && owner != obj.Key)
            {
                yield return FieldError.Invalid(
                    "spec.clusterIPs", obj.Json.At("spec.clusterIPs"), $"failed to allocate IP {address}: provided IP is already allocated");
            }
        }

        foreach (var (index, port) in obj.Json.Items("spec.ports").Index())
        {
            if (addresses.OwnerOf((int)port.Number("nodePort")) is { } owner && owner != obj.Key)
            {
                yield return FieldError.Invalid($"spec.ports[{index}].nodePort", port.Number("nodePort"), "provided port is already allocated");
            }
        }
    }

    private static string Type(KubeObject service) => service.Json.Text("spec.type");

    private static bool NeedsNodePorts(KubeObject service) => Type(service) switch
    {
        "NodePort" => true,
        "LoadBalancer" => service.Json.At("spec.allocateLoadBalancerNodePorts") is not { } flag || (bool)flag,
        _ => false,
    };

    private static bool NeedsHealthCheckPort(KubeObject service) =>
        Type(service) == "LoadBalancer" && service.Json.Text("spec.externalTrafficPolicy") == "Local";

    // A client that replaces a service without repeating what it was given does not want to give it up.
    private static void KeepAllocated(KubeObject obj, KubeObject old)
    {
        var (spec, before) = (obj.Json.ObjectAt("spec"), old.Json.ObjectAt("spec"));
        if (Type(obj) == "ExternalName" && Type(old) != "ExternalName")
        {
            foreach (var name in (ReadOnlySpan<string>)["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
            {
                if (JsonNode.DeepEquals(spec[name], before[name]))
                {
                    spec.Remove(name);
                }
            }
        }
        else if (Type(old) != "ExternalName" && Type(obj) != "ExternalName")
        {
            foreach (var name in (ReadOnlySpan<string>)["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
            {
                spec[name] ??= before[name]?.DeepClone();
            }
        }

        KeepNodePorts(obj, old);
        if (NeedsHealthCheckPort(obj) && NeedsHealthCheckPort(old))
        {
            spec["healthCheckNodePort"] ??= before["healthCheckNodePort"]?.DeepClone();
        }
        else if (!NeedsHealthCheckPort(obj) && JsonNode.DeepEquals(spec["healthCheckNodePort"], before["healthCheckNodePort"]))
        {
            spec.Remove("healthCheckNodePort");
        }

        if (Type(obj) is not ("NodePort" or "LoadBalancer") && JsonNode.DeepEquals(spec["externalTrafficPolicy"], before["externalTrafficPolicy"]))
        {
            spec.Remove("externalTrafficPolicy");
        }

        if (Type(obj) != "LoadBalancer" && JsonNode.DeepEquals(spec["allocateLoadBalancerNodePorts"], before["allocateLoadBalancerNodePorts"]))
        {
            spec.Remove("allocateLoadBalancerNodePorts");
        }
    }

    private static void KeepNodePorts(KubeObject obj, KubeObject old)
    {
        var before = old.Json.Items("spec.ports");
        foreach (var port in obj.Json.Items("spec.ports").OfType<JsonObject>())
        {
            var match = before.FirstOrDefault(p => p.Number("port") == port.Number("port") && p.Text("protocol") == port.Text("protocol"));
            if (NeedsNodePorts(obj) && port["nodePort"] is null && match.At("nodePort") is { } given)
            {
                port["nodePort"] = given.DeepClone();
            }
            else if (!NeedsNodePorts(obj) && NeedsNodePorts(old) && JsonNode.DeepEquals(port["nodePort"], match.At("nodePort")))
            {
                port.Remove("nodePort");
            }
        }
    }

    private void Complete(KubeObject obj, KubeObject? old)
    {
        if (Type(obj) == "ExternalName")
        {
            return;
        }

        var spec = obj.Json.ObjectAt("spec");
        CompleteAddress(obj, old, spec);
        CompleteFamilies(spec);
        if (NeedsNodePorts(obj))
        {
            CompleteNodePorts(obj);
        }

        if (NeedsHealthCheckPort(obj) && spec["healthCheckNodePort"] is null)
        {
            spec["healthCheckNodePort"] = (long)FreeNodePort(new HashSet<int>());
        }
    }

    private void CompleteAddress(KubeObject obj, KubeObject? old, JsonObject spec)
    {
        var address = spec.Text("clusterIP");
        if (address.Length > 0 && (spec.Items("clusterIPs").Count == 0 || (old is not null && address != old.Json.Text("spec.clusterIP"))))
        {
            spec["clusterIPs"] = new JsonArray(address);
        }
        else if (address.Length == 0 && spec.Items("clusterIPs") is [var first, ..])
        {
            spec["clusterIP"] = first.DeepClone();
        }
        else if (address.Length == 0)
        {
            address = addresses.FreeAddress() ?? throw StatusErrors.Internal("failed to allocate a serviceIP: range is full");
            spec["clusterIP"] = address;
            spec["clusterIPs"] = new JsonArray(address);
        }
    }

    private static void CompleteFamilies(JsonObject spec)
    {
        var headlessWithoutSelector = spec.Text("clusterIP") == Headless && spec.At("selector") is not JsonObject { Count: > 0 };
        spec["ipFamilyPolicy"] ??= headlessWithoutSelector ? "RequireDualStack" : "SingleStack";
        if (spec.Items("ipFamilies").Count == 0)
        {
            spec["ipFamilies"] = new JsonArray("IPv4");
        }

        if (headlessWithoutSelector && spec.Text("ipFamilyPolicy") != "SingleStack" && spec["ipFamilies"] is JsonArray { Count: 1 } families)
        {
            families.Add((string)families[0]! == "IPv4" ? "IPv6" : "IPv4");
        }
    }

    private void CompleteNodePorts(KubeObject obj)
    {
        var taken = obj.Json.Items("spec.ports").Select(p => (int)p.Number("nodePort")).ToHashSet();
        foreach (var port in obj.Json.Items("spec.ports").OfType<JsonObject>().Where(p => p.Number("nodePort") == 0))
        {
            // The same port over another protocol has the same node port.
            var twin = obj.Json.Items("spec.ports").FirstOrDefault(p => p.Number("port") == port.Number("port") && p.Number("nodePort") > 0);
            var nodePort = twin is null ? FreeNodePort(taken) : (int)twin.Number("nodePort");
            port["nodePort"] = (long)nodePort;
            taken.Add(nodePort);
        }
    }

    private int FreeNodePort(IReadOnlySet<int> taken) =>
        addresses.FreeNodePort(taken) ?? throw StatusErrors.Internal("failed to allocate a nodePort: range is full");
}
