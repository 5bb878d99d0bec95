using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>What the spec of a pod, or of a pod template, must fulfil beyond its schema.</summary>
internal static class PodSpecValidation
{
    /// <summary>Finds what is wrong.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="path">Its path, such as <c>spec.template.spec</c>.</param>
    public static IEnumerable<FieldError> Validate(JsonObject spec, string path)
    {
        var volumes = spec.Items("volumes").Select(v => v.Text("name")).ToHashSet();
        var names = new HashSet<string>();
        if (spec.Items("containers").Count == 0)
        {
            yield return FieldError.Required($"{path}.containers");
        }

        foreach (var error in ValidateVolumes(spec, $"{path}.volumes")
            .Concat(ValidateContainers(spec, "containers", path, names, volumes))
            .Concat(ValidateContainers(spec, "initContainers", path, names, volumes)))
        {
            yield return error;
        }

        if (spec.Number("terminationGracePeriodSeconds") < 0)
        {
            yield return FieldError.Invalid($"{path}.terminationGracePeriodSeconds", spec["terminationGracePeriodSeconds"], "must be greater than or equal to 0");
        }

        foreach (var (name, rule) in ((string, Func<string, string?>)[])
            [("serviceAccountName", NameRules.Dns1123Subdomain), ("nodeName", NameRules.Dns1123Subdomain), ("hostname", NameRules.Dns1123Label), ("priorityClassName", NameRules.Dns1123Subdomain)])
        {
            if (spec.Text(name) is { Length: > 0 } text && rule(text) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}.{name}", text, wrong);
            }
        }
    }

    private static IEnumerable<FieldError> ValidateVolumes(JsonObject spec, string path)
    {
        var names = new HashSet<string>();
        foreach (var (index, volume) in spec.Items("volumes").Index())
        {
            var name = volume.Text("name");
            if (name.Length == 0)
            {
                yield return FieldError.Required($"{path}[{index}].name");
            }
            else if (NameRules.Dns1123Label(name) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}[{index}].name", name, wrong);
            }
            else if (!names.Add(name))
            {
                yield return FieldError.Duplicate($"{path}[{index}].name", name);
            }

            if (volume.AsObject().Count > 2)
            {
                yield return FieldError.Forbidden($"{path}[{index}]", "may not specify more than 1 volume type");
            }
        }
    }

    private static IEnumerable<FieldError> ValidateContainers(JsonObject spec, string list, string specPath, HashSet<string> names, HashSet<string> volumes)
    {
        foreach (var (index, container) in spec.Items(list).Index())
        {
            var path = $"{specPath}.{list}[{index}]";
            var name = container.Text("name");
            if (name.Length == 0)
            {
                yield return FieldError.Required($"{path}.name");
            }
            else if (NameRules.Dns1123Label(name) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}.name", name, wrong);
            }
            else if (!names.Add(name))
            {
                yield return FieldError.Duplicate($"{path}.name", name);
            }

            if (container.Text("image").Length == 0)
            {
                yield return FieldError.Required($"{path}.image");
            }

            foreach (var error in ValidatePorts(container, path).Concat(ValidateEnvironment(container, path))
                .Concat(ValidateMounts(container, path, volumes)).Concat(ValidateResources(container, path)).Concat(ValidateProbes(container, path)))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> ValidatePorts(JsonNode container, string path)
    {
        var names = new HashSet<string>();
        foreach (var (index, port) in container.Items("ports").Index())
        {
            var name = port.Text("name");
            if (name.Length > 0 && PortRules.Name(name) is { } wrongName)
            {
                yield return FieldError.Invalid($"{path}.ports[{index}].name", name, wrongName);
            }
            else if (name.Length > 0 && !names.Add(name))
            {
                yield return FieldError.Duplicate($"{path}.ports[{index}].name", name);
            }

            if (port.At("containerPort") is null || port.Number("containerPort") == 0)
            {
                yield return FieldError.Required($"{path}.ports[{index}].containerPort");
            }
            else if (PortRules.Number(port.Number("containerPort")) is { } wrongPort)
            {
                yield return FieldError.Invalid($"{path}.ports[{index}].containerPort", port.Number("containerPort"), wrongPort);
            }
        }
    }

    private static IEnumerable<FieldError> ValidateEnvironment(JsonNode container, string path)
    {
        foreach (var (index, variable) in container.Items("env").Index())
        {
            if (variable.Text("name").Length == 0)
            {
                yield return FieldError.Required($"{path}.env[{index}].name");
            }
            else if (variable.Text("name").Contains('='))
            {
                yield return FieldError.Invalid(
                    $"{path}.env[{index}].name", variable.Text("name"), "a valid environment variable name must consist only of printable ASCII characters other than '='");
            }

            if (variable.At("valueFrom") is not null && variable.Text("value").Length > 0)
            {
                yield return FieldError.Invalid($"{path}.env[{index}].valueFrom", "", "may not be specified when `value` is not empty");
            }
        }
    }

    private static IEnumerable<FieldError> ValidateMounts(JsonNode container, string path, HashSet<string> volumes)
    {
        var paths = new HashSet<string>();
        foreach (var (index, mount) in container.Items("volumeMounts").Index())
        {
            if (!volumes.Contains(mount.Text("name")))
            {
                yield return new FieldError(FieldErrorKind.NotFound, $"{path}.volumeMounts[{index}].name", $"\"{mount.Text("name")}\"", "");
            }

            if (mount.Text("mountPath").Length == 0)
            {
                yield return FieldError.Required($"{path}.volumeMounts[{index}].mountPath");
            }
            else if (!paths.Add(mount.Text("mountPath")))
            {
                yield return FieldError.Invalid($"{path}.volumeMounts[{index}].mountPath", mount.Text("mountPath"), "must be unique");
            }
        }
    }

    private static IEnumerable<FieldError> ValidateResources(JsonNode container, string path)
    {
        var limits = container.At("resources.limits") as JsonObject;
        foreach (var (resource, request) in container.At("resources.requests") as JsonObject ?? [])
        {
            if (limits?[resource] is { } limit && Quantity.Parse((string)request!, out _) is { } requested
                && Quantity.Parse((string)limit!, out _) is { } limited && Quantity.Compare(requested, limited) > 0)
            {
                yield return FieldError.Invalid($"{path}.resources.requests", request, $"must be less than or equal to {resource} limit of {limit}");
            }
        }

        foreach (var part in (string[])["limits", "requests"])
        {
            foreach (var (resource, amount) in container.At($"resources.{part}") as JsonObject ?? [])
            {
                if (Quantity.Parse((string)amount!, out _) is { Sign: < 0 })
                {
                    yield return FieldError.Invalid($"{path}.resources.{part}[{resource}]", amount, "must be greater than or equal to 0");
                }
            }
        }
    }

    private static IEnumerable<FieldError> ValidateProbes(JsonNode container, string path)
    {
        foreach (var name in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.At(name) is not JsonObject probe)
            {
                continue;
            }

            var handlers = probe.Count(p => p.Key is "exec" or "httpGet" or "tcpSocket" or "grpc");
            if (handlers == 0)
            {
                yield return FieldError.Required($"{path}.{name}", "must specify a handler type");
            }
            else if (handlers > 1)
            {
                yield return FieldError.Forbidden($"{path}.{name}", "may not specify more than 1 handler type");
            }

            foreach (var field in (string[])["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"])
            {
                if (probe.Number(field) < 0)
                {
                    yield return FieldError.Invalid($"{path}.{name}.{field}", probe[field], "must be greater than or equal to 0");
                }
            }

            if (name != "readinessProbe" && probe.Number("successThreshold") > 1)
            {
                yield return FieldError.Invalid($"{path}.{name}.successThreshold", probe["successThreshold"], "must be 1");
            }

            foreach (var handler in (string[])["httpGet", "tcpSocket"])
            {
                if (probe.At($"{handler}.port") is { } port && PortRules.NumberOrName(port) is { } wrong)
                {
                    yield return FieldError.Invalid($"{path}.{name}.{handler}.port", port, wrong);
                }
            }
        }
    }
}
