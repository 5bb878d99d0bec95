using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Operators.Cluster;
using Operators.Hosting;
using Operators.Metrics;
using Operators.Rollouts;

namespace Performance.Rollouts;

/// <summary>
/// Registry and rollout operators over the embedded API server, which is a process of its own, with so many services, each of which has a rollout. Nobody runs pods: what the operators
/// ask for is reported as ready. Operators go by a clock that is moved; caches, which wait for a network, by the real one.
/// </summary>
internal sealed class MeasuredRollouts : IAsyncDisposable, IReconcileObserver
{
    private static readonly WriteOptions Write = new() { FieldManager = "harness", Force = true };

    private readonly OperatorProcess _server;
    private readonly IHost _host;
    private readonly int _number;
    private readonly Channel<ObjectKey> _deployments = Channel.CreateUnbounded<ObjectKey>();
    private readonly CancellationTokenSource _gone = new();
    private readonly ConcurrentDictionary<ObjectKey, bool> _looked = [];
    private volatile TaskCompletionSource? _allLooked;
    private Task _reporting = Task.CompletedTask;

    private MeasuredRollouts(OperatorProcess server, int number)
    {
        (_server, _number) = (server, number);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMetrics().AddLogging();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton(provider => KubeConnection.Anonymous(server.ClusterAddress, provider.GetRequiredService<RuntimeMetrics>()));
        builder.Services.AddSingleton(new RolloutOptions { MostPerNamespace = number, MostInFleet = number });
        builder.Services.AddSingleton<IMetricsProvider, SteadyTraffic>();
        builder.Services.AddFleet(followsEvents: false);
        builder.Services.AddSingleton(provider => new FleetCaches(
            provider.GetRequiredService<KubeApi>(), provider.GetRequiredService<RuntimeMetrics>(), TimeProvider.System, provider.GetRequiredService<ILoggerFactory>(), followsEvents: false));
        builder.Services.AddOperators("measured", leaderLease: null);
        builder.Services.AddHostedService(provider => new InformerHost(provider.GetRequiredService<FleetCaches>().All));
        builder.Services.AddSingleton<IReconcileObserver>(this);
        _host = builder.Build();
    }

    /// <summary>The clock of the operators.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));

    private FleetCaches Caches => _host.Services.GetRequiredService<FleetCaches>();

    private KubeApi Api => _host.Services.GetRequiredService<KubeApi>();

    /// <summary>Starts them, and has every rollout stand at a long pause with a tenth of the requests at its canary.</summary>
    /// <param name="number">Rollouts.</param>
    /// <param name="interval">How often evidence is looked at, such as <c>30s</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<MeasuredRollouts> StartAsync(int number, string interval, CancellationToken cancellationToken)
    {
        var rollouts = new MeasuredRollouts(await OperatorProcess.StartEmbeddedClusterAsync(cancellationToken), number);
        await rollouts.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}", cancellationToken);
        await rollouts._host.StartAsync(cancellationToken);
        rollouts.ReportDeployments();
        await rollouts.DeclareAsync("1.0.0", interval, cancellationToken);
        await rollouts.UntilAsync(static status => status.StableRevision is not null, cancellationToken);
        await rollouts.DeclareAsync("1.1.0", interval, cancellationToken);
        await rollouts.UntilAsync(static status => status is { TrafficSince: not null, Step.Index: 1 }, cancellationToken);
        return rollouts;
    }

    /// <summary>Moves the clock, and waits until every rollout was looked at.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> LookAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _looked.Clear();
        _allLooked = all;
        var started = TimeProvider.System.GetTimestamp();
        Clock.Advance(by);
        await all.Task.WaitAsync(cancellationToken);
        _allLooked = null;
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>What the status of a rollout takes, as JSON, in bytes: of the one that takes most.</summary>
    public int LargestStatus() => Caches.Rollouts.Cache.Snapshot().Max(static rollout => JsonSerializer.SerializeToUtf8Bytes(rollout.Status, KubeJson.Options).Length);

    /// <summary>Until when the evidence of the rollout that is farthest behind goes (UTC).</summary>
    public DateTimeOffset OldestEvidence() => Caches.Rollouts.Cache.Snapshot().Min(static rollout => rollout.Status!.Evidence?.AsOf ?? DateTimeOffset.MinValue);

    public void Completed(ReconcileRecord record)
    {
        if (record.Controller == "rollouts" && _allLooked is { } all && _looked.TryAdd(record.Key, true) && _looked.Count == _number)
        {
            all.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _reporting;
        await _host.StopAsync();
        _host.Dispose();
        await _server.DisposeAsync();
        _gone.Dispose();
    }

    private async Task DeclareAsync(string version, string interval, CancellationToken cancellationToken)
    {
        var yaml = new StringBuilder();
        for (var i = 0; i < _number; i++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $$$"""
                apiVersion: fleet.dabbawala.dev/v1alpha1
                kind: CanaryRollout
                metadata: {name: service-{{{i}}}, namespace: shop}
                spec:
                  members: [{service: service-{{{i}}}}]
                  steps: [{setWeight: 10}, {pause: {duration: 900h}}, {setWeight: 100}]
                  analysis: {interval: {{{interval}}}, metrics: [{name: success, type: SuccessRate}, {name: slow, type: Latency}]}
                ---
                apiVersion: fleet.dabbawala.dev/v1alpha1
                kind: ManagedService
                metadata: {name: service-{{{i}}}, namespace: shop}
                spec: {owner: {team: shop}, workload: {image: 'fleet/app:{{{version}}}'}}
                ---

                """);
        }

        await ApplyAsync(yaml.ToString(), cancellationToken);
    }

    private async Task ApplyAsync(string yaml, CancellationToken cancellationToken)
    {
        var discovery = new ApiDiscovery(Api);
        foreach (var document in ManifestReader.Read(yaml, "harness"))
        {
            var type = await discovery.FindAsync(document.ApiVersion, document.Kind, cancellationToken);
            await Api.ApplyAsync(type!, document.Key, JsonSerializer.SerializeToUtf8Bytes(document.Json, JsonSerializerOptions.Default), Write, cancellationToken);
        }
    }

    /// <summary>Moves the clock second by second until all rollouts stand so.</summary>
    private async Task UntilAsync(Func<ControlPlane.Kubernetes.Resources.Rollouts.CanaryRolloutStatus, bool> stands, CancellationToken cancellationToken)
    {
        while (Caches.Rollouts.Cache.Snapshot() is var all && (all.Count < _number || all.Any(rollout => rollout.Status is not { } status || !stands(status))))
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken); // for what the clock set off
        }
    }

    private void ReportDeployments()
    {
        Caches.Owned(KnownResources.Deployments).Cache.Subscribe(change => _deployments.Writer.TryWrite(change.Key));
        _reporting = Task.Run(async () =>
        {
            try
            {
                await foreach (var key in _deployments.Reader.ReadAllAsync(_gone.Token))
                {
                    await ReportAsync(key);
                }
            }
            catch (OperationCanceledException) when (_gone.IsCancellationRequested)
            {
                // The measurement is over.
            }
        });
    }

    private async Task ReportAsync(ObjectKey key)
    {
        try
        {
            var live = JsonNode.Parse(await Api.GetBytesAsync(KnownResources.Deployments, key, _gone.Token))!;
            var (generation, replicas) = ((long)live["metadata"]!["generation"]!, (int?)live["spec"]!["replicas"] ?? 1);
            if ((long?)live["status"]?["observedGeneration"] != generation)
            {
                var status = new JsonObject { ["observedGeneration"] = generation, ["replicas"] = replicas, ["updatedReplicas"] = replicas, ["readyReplicas"] = replicas, ["availableReplicas"] = replicas };
                await Api.MergePatchAsync(
                    KnownResources.Deployments, key, JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["status"] = status }, JsonSerializerOptions.Default), Write with { Force = false, Subresource = "status" }, _gone.Token);
            }
        }
        catch (KubeApiException e) when (e.IsNotFound || e.IsConflict)
        {
            // It is gone, or its next change is on its way here.
        }
    }
}
