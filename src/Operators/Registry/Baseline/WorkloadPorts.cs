using ControlPlane.Kubernetes.Resources;

namespace Operators.Registry.Baseline;

/// <summary>The ports of a workload, with the baseline's where none are declared.</summary>
internal static class WorkloadPorts
{
    private static readonly IReadOnlyList<WorkloadPort> Default = [new() { Name = "http", Port = 8080, AppProtocol = "http" }];

    /// <summary>The declared ports, or http 8080.</summary>
    public static IReadOnlyList<WorkloadPort> Of(ServiceWorkload workload) => workload.Ports.Count > 0 ? workload.Ports : Default;

    /// <summary>A port by its name; the first without one. Null when no port has the name.</summary>
    public static WorkloadPort? Find(ServiceWorkload workload, string? name) =>
        name is null ? Of(workload)[0] : Of(workload).FirstOrDefault(port => port.Name == name);

    /// <summary>The port that metrics are read from: the declared one, else the one named metrics, else the first.</summary>
    public static WorkloadPort Metrics(ServiceWorkload workload) =>
        Find(workload, workload.Monitoring.Port) ?? Find(workload, "metrics") ?? Of(workload)[0];

    /// <summary>The ports of its pods, each once: two ports of the Service may lead to the same.</summary>
    public static IEnumerable<PodPort> Targets(ServiceWorkload workload) =>
        Of(workload).Select(port => new PodPort(port.Target(), port.Protocol)).Distinct();

    /// <summary>Port of the container.</summary>
    public static int Target(this WorkloadPort port) => port.TargetPort ?? port.Port;
}
