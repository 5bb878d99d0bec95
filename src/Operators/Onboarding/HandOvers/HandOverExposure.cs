using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Cluster;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding.HandOvers;

/// <summary>The Service in front of a workload after a hand-over, its ports, and how it is scraped.</summary>
/// <param name="Service">Name of the Service; null when there is none.</param>
/// <param name="IsTakenOver">True when the operator takes the Service over.</param>
/// <param name="Ports">Ports that the workload serves.</param>
/// <param name="Monitoring">How it is scraped.</param>
internal sealed record HandOverExposure(string? Service, bool IsTakenOver, IReadOnlyList<WorkloadPort> Ports, WorkloadMonitoring Monitoring)
{
    private const int LongestPortName = 15;

    public static HandOverExposure Plan(ManagedService adopted, ExistingObjects live, ExistingWorkload workload, List<Derivation> derivations)
    {
        var front = live.Services.Find(service =>
            new ObjectKey(service.Metadata.NamespaceProperty, service.Metadata.Name) == FleetCaches.FrontKey(adopted) && service.Spec.Selects(workload.PodLabels));
        var ports = front is null ? PortsOfPods(workload) : WorkloadFront.Ports(front, workload.Template);
        derivations.Add(new(
            "spec.workload.ports",
            Words(ports),
            front is null ? $"Deployment {workload.Reference.Key.Name}, ports of its containers" : $"Service {front.Metadata.Name}, spec.ports"));
        if (front is not null && IsPlain(front, workload))
        {
            return new(front.Metadata.Name, IsTakenOver: true, ports, AsAnnotated(ports, workload, derivations));
        }

        derivations.Add(new(
            "spec.workload.exposure.enabled",
            "false",
            front is null ? "no Service stands for it" : $"Service {front.Metadata.Name} is more than a plain ClusterIP Service for just these pods, and stays as it is"));
        return new(front?.Metadata.Name, IsTakenOver: false, ports, Unscraped("no Service is taken over that a ServiceMonitor could find", derivations));
    }

    /// <summary>True when the Service that the operator would plan behaves in every way like this one.</summary>
    private static bool IsPlain(V1Service service, ExistingWorkload workload)
    {
        var spec = service.Spec;
        return spec.Type is null or "ClusterIP"
            && spec.ClusterIP is not "None"
            && spec.SessionAffinity is null or "None"
            && spec.InternalTrafficPolicy is null or "Cluster"
            && spec.TrafficDistribution is null
            && spec.PublishNotReadyAddresses is not true
            && spec.ExternalIPs is not { Count: > 0 }
            && LabelMatch.Same(spec.Selector, workload.Spec.Selector.MatchLabels)
            && spec.Ports is { Count: > 0 }
            && spec.Ports.All(port => port.Protocol is null or "TCP" or "UDP" && port.Name is null or { Length: <= LongestPortName })
            && WorkloadFront.Ports(service, workload.Template).Count == spec.Ports.Count
            && service.Metadata.OwnerReferences is not { Count: > 0 };
    }

    private static IReadOnlyList<WorkloadPort> PortsOfPods(ExistingWorkload workload) =>
    [
        .. workload.Containers.SelectMany(item => item.Container.Ports ?? [])
            .DistinctBy(port => (port.ContainerPort, port.Protocol ?? "TCP"))
            .Where(port => port.Protocol is null or "TCP" or "UDP")
            .Select(port => new WorkloadPort
            {
                Name = port.Name ?? string.Create(CultureInfo.InvariantCulture, $"port-{port.ContainerPort}"),
                Port = port.ContainerPort,
                Protocol = port.Protocol ?? "TCP",
            })
            .DistinctBy(port => port.Name),
    ];

    private static WorkloadMonitoring AsAnnotated(IReadOnlyList<WorkloadPort> ports, ExistingWorkload workload, List<Derivation> derivations)
    {
        var annotations = workload.Template.Metadata?.Annotations ?? new Dictionary<string, string>();
        if (!annotations.TryGetValue("prometheus.io/scrape", out var scrape) || scrape != "true")
        {
            return Unscraped("its pods are not annotated to be scraped", derivations);
        }

        var path = annotations.TryGetValue("prometheus.io/path", out var annotated) && annotated.StartsWith('/') ? annotated : "/metrics";
        var number = annotations.TryGetValue("prometheus.io/port", out var text) ? text : "";
        if (ports.FirstOrDefault(port => (port.TargetPort ?? port.Port).ToString(CultureInfo.InvariantCulture) == number) is not { } port)
        {
            return Unscraped($"its annotation prometheus.io/port says '{number}', which is no port of its Service", derivations);
        }

        derivations.Add(new("spec.workload.monitoring", $"{path} on port {port.Name}", "annotations prometheus.io/* of its pods"));
        return new WorkloadMonitoring { Path = path, Port = port.Name };
    }

    private static WorkloadMonitoring Unscraped(string reason, List<Derivation> derivations)
    {
        derivations.Add(new("spec.workload.monitoring.enabled", "false", reason));
        return new WorkloadMonitoring { Enabled = false };
    }

    private static string Words(IReadOnlyList<WorkloadPort> ports) =>
        ports.Count == 0 ? "none" : string.Join(", ", ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port.Name} {port.Port}")));
}
