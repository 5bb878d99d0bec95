using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Onboarding.Existing;

/// <summary>The Services that select a workload's pods.</summary>
internal static class WorkloadFront
{
    /// <summary>All of them; the one that stands for the workload first: of its own name, else with an address of its own, else by name.</summary>
    public static IReadOnlyList<V1Service> Of(ExistingObjects existing, ExistingWorkload workload) =>
    [
        .. existing.Services
            .Where(service => service.Metadata.NamespaceProperty == workload.Reference.Key.Namespace && service.Spec.Selects(workload.PodLabels))
            .OrderByDescending(service => service.Metadata.Name == workload.Reference.Key.Name)
            .ThenBy(service => service.Spec.ClusterIP == "None")
            .ThenBy(service => service.Metadata.Name, StringComparer.Ordinal),
    ];

    /// <summary>Ports of a Service as a declaration has them. A port that leads to no port of the pods is left out.</summary>
    public static IReadOnlyList<WorkloadPort> Ports(V1Service service, V1PodTemplateSpec template) =>
    [
        .. (service.Spec.Ports ?? []).Select(port => (Port: port, Target: TargetOf(port, template))).Where(item => item.Target is not null).Select(item => new WorkloadPort
        {
            Name = item.Port.Name is { Length: > 0 } name ? name : "http",
            Port = item.Port.Port,
            TargetPort = item.Target == item.Port.Port ? null : item.Target,
            Protocol = item.Port.Protocol ?? "TCP",
            AppProtocol = item.Port.AppProtocol,
        }),
    ];

    /// <summary>Port of the pods that a port of a Service leads to; null for a name that no container has.</summary>
    public static int? TargetOf(V1ServicePort port, V1PodTemplateSpec template)
    {
        if (port.TargetPort?.Value is not { Length: > 0 } target)
        {
            return port.Port;
        }

        return int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : NamedPort(template, target)?.ContainerPort;
    }

    /// <summary>A port of the containers by its name; null when none has it.</summary>
    public static V1ContainerPort? NamedPort(V1PodTemplateSpec template, string name) =>
        (template.Spec?.Containers ?? []).SelectMany(container => container.Ports ?? []).FirstOrDefault(port => port.Name == name);
}
