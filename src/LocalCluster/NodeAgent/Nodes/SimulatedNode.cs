using System.Globalization;
using System.Runtime.InteropServices;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Nodes;

/// <summary>A node that is not a machine: a name, a zone and as much room as the options give it.</summary>
/// <param name="options">What nodes are like.</param>
/// <param name="number">Which of them, from 1.</param>
internal sealed class SimulatedNode(NodeAgentOptions options, int number)
{
    /// <summary>The Kubernetes whose kubelet the agent follows.</summary>
    private const string KubeletVersion = "v1.36.0";

    private readonly string _bootId = Guid.NewGuid().ToString();

    /// <summary>Address that all nodes report.</summary>
    public const string Address = "127.0.0.1";

    /// <summary>Its name.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"{options.NodeNamePrefix}-{number}");

    /// <summary>Its zone.</summary>
    public string Zone { get; } = options.Zones[(number - 1) % options.Zones.Count];

    /// <summary>What it has for pods.</summary>
    public IReadOnlyDictionary<string, ResourceQuantity> Allocatable { get; } = new Dictionary<string, ResourceQuantity>
    {
        ["cpu"] = Quantity($"{options.Cpus}"),
        ["memory"] = Quantity($"{options.MemoryGibibytes}Gi"),
        ["ephemeral-storage"] = Quantity($"{options.MemoryGibibytes}Gi"),
        ["pods"] = Quantity($"{options.PodsPerNode}"),
    };

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; } = new Dictionary<string, string>
    {
        [Node.HostnameLabel] = string.Create(CultureInfo.InvariantCulture, $"{options.NodeNamePrefix}-{number}"),
        [Node.RegionLabel] = options.Region,
        [Node.ZoneLabel] = options.Zones[(number - 1) % options.Zones.Count],
        ["kubernetes.io/os"] = "linux",
        ["kubernetes.io/arch"] = Architecture,
        ["node.kubernetes.io/instance-type"] = "simulated",
    };

    /// <summary>What it reports.</summary>
    /// <param name="known">What is reported of it so far.</param>
    /// <param name="kubeletPort">Where its agent listens.</param>
    /// <param name="now">Now.</param>
    public NodeStatus Status(NodeStatus known, int kubeletPort, DateTimeOffset now) => known with
    {
        Capacity = Allocatable,
        Allocatable = Allocatable,
        Addresses = [new V1NodeAddress { Type = "InternalIP", Address = Address }],
        DaemonEndpoints = new V1NodeDaemonEndpoints { KubeletEndpoint = new V1DaemonEndpoint { Port = kubeletPort } },
        NodeInfo = new V1NodeSystemInfo
        {
            MachineID = Name,
            SystemUUID = Name,
            BootID = _bootId,
            KernelVersion = Environment.OSVersion.Version.ToString(),
            OsImage = "simulated by Dabbawala",
            ContainerRuntimeVersion = "inprocess://1.0",
            KubeletVersion = KubeletVersion,
            KubeProxyVersion = "",
            OperatingSystem = "linux",
            Architecture = Architecture,
        },
        Conditions = Conditions(known.Conditions, now),
    };

    private static IReadOnlyList<StatusCondition> Conditions(IReadOnlyList<StatusCondition> known, DateTimeOffset now)
    {
        StatusCondition[] sound =
        [
            Condition("MemoryPressure", ConditionStatus.False, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            Condition("DiskPressure", ConditionStatus.False, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            Condition("PIDPressure", ConditionStatus.False, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            Condition(Node.ReadyCondition, ConditionStatus.True, "KubeletReady", "kubelet is posting ready status"),
        ];
        return sound.Aggregate(known, (conditions, condition) => conditions.Set(condition with { LastHeartbeatTime = now }, now));
    }

    private static StatusCondition Condition(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };

    private static ResourceQuantity Quantity(FormattableString text) => new(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>As Go names it.</summary>
    private static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        _ => "amd64",
    };
}
