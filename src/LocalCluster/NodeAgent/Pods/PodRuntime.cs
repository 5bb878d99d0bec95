using System.Net;
using ControlPlane.Kubernetes.Client;
using k8s.Models;
using LocalCluster.NodeAgent.Images;
using LocalCluster.NodeAgent.Network;
using LocalCluster.NodeAgent.Probes;
using LocalCluster.NodeAgent.Variables;
using LocalCluster.Workloads;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>What all pods of an agent are run with.</summary>
internal sealed record PodRuntime
{
    public required KubeApi Api { get; init; }

    public required ObjectWriter Writer { get; init; }

    public required ImageStore Images { get; init; }

    public required EnvironmentResolver Variables { get; init; }

    public required ProbeFactory Probes { get; init; }

    public required LifecycleHooks Hooks { get; init; }

    public required PodAddressPool Addresses { get; init; }

    public required PodNetwork Network { get; init; }

    /// <summary>Makes the handler of outbound calls for a pod of a namespace that listens on an address.</summary>
    public required Func<string, IPAddress, HttpMessageHandler> Outbound { get; init; }

    /// <summary>Bounds how many programs start at once: starting is what costs processor time.</summary>
    public required SemaphoreSlim Starts { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Address that all nodes of the agent report.</summary>
    public string HostAddress { get; init; } = "127.0.0.1";
}

/// <summary>The node that a pod runs on, as its containers may come to see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="Allocatable">What it has for pods.</param>
internal sealed record PodNode(string Name, string Zone, IReadOnlyDictionary<string, ResourceQuantity> Allocatable);
