using System.Net;
using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>What a service must fulfil beyond its schema.</summary>
internal static class ServiceValidation
{
    private const string Headless = "None";

    /// <summary>Finds what is wrong.</summary>
    public static IEnumerable<FieldError> Validate(KubeObject service, KubeObject? old) =>
        ValidatePorts(service).Concat(ValidateAddress(service, old)).Concat(ValidateType(service));

    private static IEnumerable<FieldError> ValidatePorts(KubeObject service)
    {
        var ports = service.Json.Items("spec.ports");
        if (ports.Count == 0 && service.Json.Text("spec.clusterIP") != Headless && service.Json.Text("spec.type") != "ExternalName")
        {
            yield return FieldError.Required("spec.ports");
        }

        var (names, numbers) = (new HashSet<string>(), new HashSet<(long, string)>());
        foreach (var (index, port) in ports.Index())
        {
            var path = $"spec.ports[{index}]";
            var name = port.Text("name");
            if (name.Length == 0 && ports.Count > 1)
            {
                yield return FieldError.Required($"{path}.name");
            }
            else if (name.Length > 0 && NameRules.Dns1123Label(name) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}.name", name, wrong);
            }
            else if (name.Length > 0 && !names.Add(name))
            {
                yield return FieldError.Duplicate($"{path}.name", name);
            }

            if (PortRules.Number(port.Number("port")) is { } wrongPort)
            {
                yield return FieldError.Invalid($"{path}.port", port.Number("port"), wrongPort);
            }

            if (!numbers.Add((port.Number("port"), port.Text("protocol"))))
            {
                yield return FieldError.Duplicate(path, new JsonObject { ["port"] = port.Number("port"), ["protocol"] = port.Text("protocol") });
            }

            if (port.At("targetPort") is { } target && PortRules.NumberOrName(target) is { } wrongTarget)
            {
                yield return FieldError.Invalid($"{path}.targetPort", target, wrongTarget);
            }

            if (port.Number("nodePort") is not 0 and var nodePort && !ServiceAddresses.IsNodePort(nodePort))
            {
                yield return FieldError.Invalid($"{path}.nodePort", nodePort, "provided port is not in the valid range. The range of valid ports is 30000-32767");
            }
        }
    }

    private static IEnumerable<FieldError> ValidateAddress(KubeObject service, KubeObject? old)
    {
        var address = service.Json.Text("spec.clusterIP");
        var before = old?.Json.Text("spec.clusterIP") ?? "";
        if (before.Length > 0 && address != before && service.Json.Text("spec.type") != "ExternalName")
        {
            yield return FieldError.Invalid("spec.clusterIPs[0]", service.Json.At("spec.clusterIPs"), "may not change once set");
        }
        else if (address is not ("" or Headless) && address != before)
        {
            if (!IPAddress.TryParse(address, out var parsed))
            {
                yield return FieldError.Invalid(
                    "spec.clusterIPs[0]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
            else if (!ServiceAddresses.Contains(parsed))
            {
                yield return FieldError.Invalid(
                    "spec.clusterIPs",
                    service.Json.At("spec.clusterIPs"),
                    $"failed to allocate IP {address}: the provided IP ({address}) is not in the valid range. The range of valid IPs is {ServiceAddresses.Range}");
            }
        }

        if (service.Json.Text("spec.ipFamilyPolicy") == "RequireDualStack" && !(address == Headless && service.Json.At("spec.selector") is null))
        {
            yield return FieldError.Invalid("spec.ipFamilyPolicy", "RequireDualStack", "this cluster is not configured for dual-stack services");
        }
    }

    private static IEnumerable<FieldError> ValidateType(KubeObject service)
    {
        if (service.Json.Text("spec.type") == "ExternalName")
        {
            var name = service.Json.Text("spec.externalName").TrimEnd('.');
            if (name.Length == 0)
            {
                yield return FieldError.Required("spec.externalName");
            }
            else if (NameRules.Dns1123Subdomain(name) is { } wrong)
            {
                yield return FieldError.Invalid("spec.externalName", name, wrong);
            }
        }

        foreach (var (key, value) in service.Json.At("spec.selector") as JsonObject ?? [])
        {
            if ((NameRules.QualifiedName(key) ?? NameRules.LabelValue((string?)value ?? "")) is { } wrong)
            {
                yield return FieldError.Invalid("spec.selector", key, wrong);
            }
        }
    }
}
