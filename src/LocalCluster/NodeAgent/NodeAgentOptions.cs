namespace LocalCluster.NodeAgent;

/// <summary>How a node agent presents itself and its pods.</summary>
public sealed record NodeAgentOptions
{
    /// <summary>Simulated nodes. Default 3.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Beginning of the names of the nodes, which a number follows. Default <c>dabbawala</c>.</summary>
    public string NodeNamePrefix { get; init; } = "dabbawala";

    /// <summary>Zones over which the nodes are spread in turn; at least one.</summary>
    public IReadOnlyList<string> Zones { get; init; } = ["asia-south1-a", "asia-south1-b", "asia-south1-c"];

    /// <summary>Region of all nodes.</summary>
    public string Region { get; init; } = "asia-south1";

    /// <summary>Processors of each node, as pods' requests see them. Nothing is limited by it.</summary>
    public int Cpus { get; init; } = 16;

    /// <summary>Memory of each node in GiB, as pods' requests see it. Nothing is limited by it.</summary>
    public int MemoryGibibytes { get; init; } = 64;

    /// <summary>Pods that each node takes. Default 110, as a kubelet.</summary>
    public int PodsPerNode { get; init; } = 110;

    /// <summary>
    /// First two numbers of the addresses that pods report. Default null: those on which they listen, so that anyone on the machine can dial
    /// them. An API server other than LocalCluster refuses loopback addresses in EndpointSlices, and needs <c>10.88</c>, which
    /// <see cref="PodNetwork"/> maps back.
    /// </summary>
    public string? PodAddressPrefix { get; init; }

    /// <summary>
    /// First two numbers of the addresses on which pods listen. Default null: the first of <c>127.88</c> to <c>127.127</c> that no other agent
    /// on the machine has. No two agents may have the same.
    /// </summary>
    public string? ListenAddressPrefix { get; init; }

    /// <summary>Loopback port on which the agent serves the logs of containers; 0 for any that is free.</summary>
    public int KubeletPort { get; init; }

    /// <summary>For a real cluster, beside whose API server the agent runs.</summary>
    public static NodeAgentOptions ForRealCluster { get; } = new() { PodAddressPrefix = "10.88" };
}
