using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Nodes;

/// <summary>Registers a node and shows that it lives: by its lease every few seconds, and by its whole status now and then.</summary>
/// <param name="node">The node.</param>
/// <param name="kubeletPort">Where its agent listens.</param>
/// <param name="api">The cluster.</param>
/// <param name="writer">Writes.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class NodeHeartbeat(
    SimulatedNode node, int kubeletPort, KubeApi api, ObjectWriter writer, TimeProvider time, ILogger<NodeHeartbeat> logger)
{
    /// <summary>A kubelet renews its lease after a quarter of its 40 s.</summary>
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(10);

    /// <summary>A kubelet's nodeStatusReportFrequency.</summary>
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private const int LeaseSeconds = 40;

    private readonly ObjectKey _key = new("", node.Name);
    private readonly ObjectKey _leaseKey = new(NodeLease.NodeNamespace, node.Name);
    private long? _reported;

    /// <summary>Beats until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = RenewInterval;
            try
            {
                await BeatAsync(cancellationToken);
            }
            catch (Exception e) when (ApiFailure.Is(e))
            {
                LogMissed(node.Name, e.Message);
                pause = Retry;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var known = await api.FindAsync<Node>(KnownResources.Nodes, _key, cancellationToken) ?? await CreateAsync(cancellationToken);
        if (_reported is not { } reported || time.GetElapsedTime(reported) >= StatusInterval || !known.IsReady)
        {
            await ReportAsync(known, cancellationToken);
            _reported = time.GetTimestamp();
        }

        await RenewAsync(cancellationToken);
    }

    private async Task<Node> CreateAsync(CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = node.Name, ["labels"] = ObjectWriter.ToJson(node.Labels) },
            ["status"] = ObjectWriter.ToJson(node.Status(new NodeStatus(), kubeletPort, time.GetUtcNow())),
        };
        await writer.CreateAsync(KnownResources.Nodes, "", body, cancellationToken);
        return await api.GetAsync<Node>(KnownResources.Nodes, _key, cancellationToken);
    }

    private async Task ReportAsync(Node known, CancellationToken cancellationToken)
    {
        if (node.Labels.Any(label => known.Metadata.Labels.GetValueOrDefault(label.Key) != label.Value))
        {
            var labels = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = ObjectWriter.ToJson(node.Labels) } };
            await writer.PatchAsync(KnownResources.Nodes, known.Metadata, labels, cancellationToken);
        }

        var anyVersion = known.Metadata with { ResourceVersion = null };
        var status = node.Status(known.Status, kubeletPort, time.GetUtcNow());
        await writer.WriteStatusAsync(KnownResources.Nodes, anyVersion, known.Status, status, cancellationToken);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var spec = new JsonObject
        {
            ["holderIdentity"] = node.Name,
            ["leaseDurationSeconds"] = LeaseSeconds,
            ["renewTime"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        };
        try
        {
            await writer.PatchAsync(
                NodeLease.ResourceType,
                new ObjectMeta { Name = _leaseKey.Name, Namespace = _leaseKey.Namespace },
                new JsonObject { ["spec"] = spec },
                cancellationToken);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            var body = new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = node.Name, ["namespace"] = _leaseKey.Namespace },
                ["spec"] = spec.DeepClone(),
            };
            await writer.CreateAsync(NodeLease.ResourceType, _leaseKey.Namespace, body, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} could not show that it lives. {Problem}")]
    private partial void LogMissed(string node, string problem);
}
