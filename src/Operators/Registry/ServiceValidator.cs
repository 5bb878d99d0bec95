using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Cluster;
using Operators.Registry.Baseline;

namespace Operators.Registry;

/// <summary>
/// Checks a declaration for what the schema can't say. A service with problems is left as it runs; nothing of the new declaration is applied.
/// </summary>
public sealed class ServiceValidator(FleetCaches caches, FleetGraph graph)
{
    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    public IReadOnlyList<FieldProblem> Check(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return [.. CheckDependencies(service), .. CheckAddresses(service), .. CheckReference(service), .. CheckWorkload(service)];
    }

    private IEnumerable<FieldProblem> CheckDependencies(ManagedService service)
    {
        for (var i = 0; i < service.Spec.DependsOn.Count; i++)
        {
            var key = service.Spec.DependsOn[i].KeyFrom(service);
            if (key == service.Metadata.Key)
            {
                yield return new(ManagedServiceConditions.Reasons.DependencyCycle, $"spec.dependsOn[{i}]", "a service can't depend on itself");
            }
            else if (graph.Find(key) is null)
            {
                yield return new(
                    ManagedServiceConditions.Reasons.UnknownDependency,
                    $"spec.dependsOn[{i}]",
                    $"there is no ManagedService {key}; declare it, or name what is outside of the fleet in spec.externalDependencies");
            }
        }

        if (graph.FindCycle(service) is { Count: > 2 } cycle)
        {
            var field = $"spec.dependsOn[{service.Spec.DependsOn.ToList().FindIndex(d => d.KeyFrom(service) == cycle[1])}]";
            yield return new(ManagedServiceConditions.Reasons.DependencyCycle, field, $"leads back to the service itself: {string.Join(" → ", cycle)}");
        }
    }

    private static IEnumerable<FieldProblem> CheckAddresses(ManagedService service)
    {
        IEnumerable<(string Field, string? Cidr)> ranges =
        [
            .. service.Spec.Datastores.Select((store, i) => ($"spec.datastores[{i}].cidr", store.Cidr)),
            .. service.Spec.ExternalDependencies.Select((external, i) => ($"spec.externalDependencies[{i}].cidr", external.Cidr)),
            .. (service.Spec.Workload?.Network.AllowFrom ?? []).Select((caller, i) => ($"spec.workload.network.allowFrom[{i}].cidr", caller.Cidr)),
        ];
        return ranges
            .Where(range => range.Cidr is not null && !IsAddressRange(range.Cidr))
            .Select(range => Invalid(range.Field, $"'{range.Cidr}' is no address range; write it as 10.20.0.0/24, with no bit set after the prefix"));
    }

    /// <summary>
    /// To adopt a workload that the operator itself keeps for this service would be to declare it no longer, and so to delete it.
    /// </summary>
    private IEnumerable<FieldProblem> CheckReference(ManagedService service)
    {
        var workload = FleetCaches.WorkloadKeyOf(service);
        if (service.Spec.WorkloadRef is not null
            && workload.Kind == KnownResources.Deployments.Kind
            && caches.Owned(KnownResources.Deployments).Cache.Find(workload.Key) is { } owned
            && FleetCaches.ServiceOf(owned) is { } keeper)
        {
            yield return Invalid(
                "spec.workloadRef.name",
                $"{workload} is kept by the operator for ManagedService {keeper.Name}; adopt a workload that others run, or keep spec.workload");
        }
    }

    private static IEnumerable<FieldProblem> CheckWorkload(ManagedService service)
    {
        if (service.Spec.Workload is not { } workload)
        {
            return [];
        }

        return
        [
            .. CheckPorts(service, workload),
            .. CheckResources(workload),
            .. CheckRollout(workload),
            .. CheckLifecycle(workload),
            .. CheckVariables(workload),
            .. CheckTemplate(workload),
        ];
    }

    private static IEnumerable<FieldProblem> CheckPorts(ManagedService service, ServiceWorkload workload)
    {
        for (var i = 0; i < workload.Ports.Count; i++)
        {
            var port = workload.Ports[i];
            var first = workload.Ports.ToList().FindIndex(other => other.Port == port.Port && other.Protocol == port.Protocol);
            if (first < i)
            {
                yield return Invalid(
                    $"spec.workload.ports[{i}].port", $"{port.Port}/{port.Protocol} is declared twice, by '{workload.Ports[first].Name}' and '{port.Name}'");
            }
        }

        (string Field, string? Name)[] references =
        [
            ("spec.healthCheck.port", service.Spec.HealthCheck?.Port),
            ("spec.workload.monitoring.port", workload.Monitoring.Port),
            ("spec.workload.probes.liveness.port", workload.Probes?.Liveness?.Port),
            ("spec.workload.probes.readiness.port", workload.Probes?.Readiness?.Port),
            ("spec.workload.probes.startup.port", workload.Probes?.Startup?.Port),
        ];
        foreach (var (field, name) in references.Where(reference => reference.Name is not null))
        {
            if (WorkloadPorts.Find(workload, name) is null)
            {
                yield return Invalid(field, $"no port is named '{name}'; there is {string.Join(", ", WorkloadPorts.Of(workload).Select(port => port.Name))}");
            }
        }
    }

    private static IEnumerable<FieldProblem> CheckResources(ServiceWorkload workload)
    {
        foreach (var (resource, limit) in workload.Resources?.Limits ?? new Dictionary<string, ResourceQuantity>())
        {
            if (workload.Resources?.Requests?.TryGetValue(resource, out var request) == true && request.ToDecimal() > limit.ToDecimal())
            {
                yield return Invalid($"spec.workload.resources.requests.{resource}", $"{request} is over the limit of {limit}");
            }
        }
    }

    private static IEnumerable<FieldProblem> CheckRollout(ServiceWorkload workload)
    {
        (string Field, IntOrString Value)[] counts =
        [
            ("spec.workload.rollout.maxSurge", workload.Rollout.MaxSurge),
            ("spec.workload.rollout.maxUnavailable", workload.Rollout.MaxUnavailable),
            ("spec.workload.disruption.maxUnavailable", workload.Disruption.MaxUnavailable),
        ];
        foreach (var (field, value) in counts.Where(count => !IsCountOrPercent(count.Value)))
        {
            yield return Invalid(field, $"'{value.Value}' is neither a number of instances nor a percentage such as 25%");
        }

        if (IsZero(workload.Rollout.MaxSurge) && IsZero(workload.Rollout.MaxUnavailable))
        {
            yield return Invalid("spec.workload.rollout", "maxSurge and maxUnavailable can't both be 0: no instance could ever be replaced");
        }
    }

    private static IEnumerable<FieldProblem> CheckLifecycle(ServiceWorkload workload)
    {
        if (workload.Lifecycle.PreStopSeconds >= workload.Lifecycle.TerminationGracePeriodSeconds)
        {
            yield return Invalid(
                "spec.workload.lifecycle.preStopSeconds",
                $"{workload.Lifecycle.PreStopSeconds} s leave nothing of the grace period of {workload.Lifecycle.TerminationGracePeriodSeconds} s to finish requests");
        }
    }

    private static IEnumerable<FieldProblem> CheckVariables(ServiceWorkload workload)
    {
        for (var i = 0; i < workload.Env.Count; i++)
        {
            var variable = workload.Env[i];
            object?[] sources = [variable.Value, variable.SecretKeyRef, variable.ConfigMapKeyRef, variable.FieldRef];
            if (sources.Count(source => source is not null) > 1)
            {
                yield return Invalid($"spec.workload.env[{i}]", $"'{variable.Name}' has more than one of value, secretKeyRef, configMapKeyRef and fieldRef");
            }
        }
    }

    private static IEnumerable<FieldProblem> CheckTemplate(ServiceWorkload workload)
    {
        if (workload.Template is null)
        {
            yield break;
        }

        V1PodTemplateSpec? template = null;
        string? problem = null;
        try
        {
            template = workload.Template.Deserialize<V1PodTemplateSpec>(KubeJson.Options);
        }
        catch (JsonException e)
        {
            problem = e.Path is { } path ? $"{path.TrimStart('$', '.')} does not fit a pod template" : "is no pod template";
        }

        if (problem is not null)
        {
            yield return Invalid("spec.workload.template", problem);
        }
        else if (template?.Spec?.Containers is not { Count: > 0 })
        {
            yield return Invalid("spec.workload.template.spec.containers", "a pod template needs at least one container");
        }
        else if (workload.Selector is not { Count: > 0 } selector)
        {
            yield return Invalid("spec.workload.selector", "with template, say by which labels of it the pods are found");
        }
        else if (selector.FirstOrDefault(label => template.Metadata?.Labels?.TryGetValue(label.Key, out var value) != true || value != label.Value) is { Key: not null } missing)
        {
            yield return Invalid("spec.workload.selector", $"the template does not have the label {missing.Key}={missing.Value}");
        }
    }

    private static FieldProblem Invalid(string field, string message) => new(ManagedServiceConditions.Reasons.Invalid, field, message);

    /// <summary>Strict: bits after the prefix and leading zeros mean different things to different readers, and newer API servers refuse them.</summary>
    private static bool IsAddressRange(string cidr) =>
        IPNetwork.TryParse(cidr, out var network)
        && cidr.Split('/')[0] is var address
        && IPAddress.Parse(address).Equals(network.BaseAddress)
        && (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 || network.BaseAddress.ToString() == address);

    private static bool IsCountOrPercent(IntOrString value)
    {
        var text = value.Value ?? "";
        return int.TryParse(text.EndsWith('%') ? text[..^1] : text, out var number) && number >= 0;
    }

    private static bool IsZero(IntOrString value) => value.Value is "0" or "0%";
}
