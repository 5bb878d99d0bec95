using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;

namespace Performance;

/// <summary>The API server that is measured on.</summary>
internal sealed class MeasuredCluster : IAsyncDisposable
{
    private static readonly WriteOptions Write = new() { FieldManager = "performance", Force = true };

    private readonly Meter _meter = new("Performance");
    private readonly KubeConnection _connection;
    private readonly OperatorProcess? _embedded;

    private MeasuredCluster(string? kubeconfig, OperatorProcess? embedded)
    {
        Kubeconfig = kubeconfig;
        _embedded = embedded;
        Metrics = new RuntimeMetrics(_meter);
        _connection = embedded is null
            ? KubeConnection.FromKubeconfig(kubeconfig!, context: null, Metrics)
            : KubeConnection.Anonymous(embedded.ClusterAddress, Metrics);
        Api = new KubeApi(_connection);
    }

    /// <summary>How the operator's process reaches it.</summary>
    public string? Kubeconfig { get; }

    /// <summary>How this process reaches it.</summary>
    public KubeApi Api { get; }

    public RuntimeMetrics Metrics { get; }

    public static async Task<MeasuredCluster> OpenAsync(string? kubeconfig, CancellationToken cancellationToken)
    {
        var embedded = kubeconfig is null ? await OperatorProcess.StartEmbeddedClusterAsync(cancellationToken) : null;
        var cluster = new MeasuredCluster(kubeconfig ?? embedded!.ClusterKubeconfig, embedded);
        await cluster.InstallDefinitionsAsync(cancellationToken);
        var version = JsonNode.Parse(await cluster.Api.GetRawAsync("/version", cancellationToken));
        Console.WriteLine($"API server {version?["gitVersion"]} at {cluster._connection.Server}{(embedded is null ? "" : " (embedded cluster)")}, {Environment.ProcessorCount} cores, {TimeProvider.System.GetUtcNow():u}");
        return cluster;
    }

    /// <summary>Declares services 0 to <paramref name="count"/> in a fresh namespace.</summary>
    public async Task DeclareAsync(string ns, int count, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { apiVersion = "v1", kind = "Namespace", metadata = new { name = ns } }, KubeJson.Options);
        await Api.CreateAsync(KnownResources.Namespaces, "", body, Write, cancellationToken);
        await InParallelAsync(count, (i, cancel) => Api.CreateAsync(ManagedService.ResourceType, ns, MeasuredFleet.Declaration(ns, i), Write, cancel), cancellationToken);
    }

    /// <summary>Every stored object of a kind in a namespace.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(ResourceType type, string ns, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        string? token = null;
        do
        {
            var page = JsonNode.Parse(await Api.ListPageAsync(type, new ListQuery { Namespace = ns, Continue = token }, cancellationToken))!;
            items.AddRange(page["items"]!.AsArray().Select(item => item.Deserialize<T>(KubeJson.Options)!));
            token = (string?)page["metadata"]!["continue"];
        }
        while (!string.IsNullOrEmpty(token));
        return items;
    }

    /// <summary>Removes everything that a run made, so that the next one finds the server as this one did.</summary>
    public async Task CleanAsync(string ns, CancellationToken cancellationToken)
    {
        foreach (var type in (ResourceType[])[ManagedService.ResourceType, .. MeasuredFleet.OwnedKinds])
        {
            var objects = await ListAsync<Named>(type, ns, cancellationToken);
            await InParallelAsync(objects.Count, (i, cancel) => Api.DeleteAsync(type, new ObjectKey(ns, objects[i].Metadata.Name), new DeletePreconditions(), cancel), cancellationToken);
        }

        await Api.DeleteAsync(KnownResources.Namespaces, new ObjectKey("", ns), new DeletePreconditions(), cancellationToken);
    }

    /// <summary>Sixteen at once: more does not make an API server faster.</summary>
    public static Task InParallelAsync(int count, Func<int, CancellationToken, Task> work, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
        async (i, cancel) => await work(i, cancel));

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        _meter.Dispose();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private async Task InstallDefinitionsAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(OperatorProcess.ProgramDirectory, "manifests", "crds", "managedservices.yaml");
        var definition = ManifestReader.Read(await File.ReadAllTextAsync(file, cancellationToken), file).Single();
        await Api.ApplyAsync(
            KnownResources.CustomResourceDefinitions, definition.Key, JsonSerializer.SerializeToUtf8Bytes(definition.Json, JsonSerializerOptions.Default), Write, cancellationToken);
        for (var started = Stopwatch.StartNew(); started.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(100, cancellationToken))
        {
            var stored = JsonNode.Parse(await Api.GetBytesAsync(KnownResources.CustomResourceDefinitions, definition.Key, cancellationToken))!;
            if (stored["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Established" && (string?)c["status"] == "True") == true)
            {
                await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken); // a watch cache that is just being made folds events (shared/cluster/README)
                return;
            }
        }

        throw new TimeoutException("the CRD was not established within 30 s");
    }

    internal sealed record Named
    {
        public ObjectMeta Metadata { get; init; } = new();
    }
}
