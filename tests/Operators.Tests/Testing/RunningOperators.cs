using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Operators.Cluster;
using Operators.Hosting;
using Operators.Traffic;

namespace Operators.Tests.Testing;

/// <summary>The operators at work on an API server in memory.</summary>
internal sealed class RunningOperators : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Reconciles _reconciles;

    private RunningOperators(TestCluster cluster, IHost host)
    {
        Cluster = cluster;
        _host = host;
        _reconciles = host.Services.GetRequiredService<Reconciles>();
    }

    public TestCluster Cluster { get; }

    public FleetCaches Caches => _host.Services.GetRequiredService<FleetCaches>();

    /// <summary>Starts them.</summary>
    /// <param name="cluster">What they work on.</param>
    /// <param name="traffic">What is configured of the data plane; null to go by what the cluster serves.</param>
    public static async Task<RunningOperators> StartAsync(TestCluster cluster, TrafficOptions? traffic = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(provider => KubeConnection.Anonymous(cluster.Address, provider.GetRequiredService<RuntimeMetrics>()));
        builder.Services.AddSingleton(traffic ?? TrafficOptions.Default);
        builder.Services.AddFleet();
        builder.Services.AddOperators("test", leaderLease: null);
        builder.Services.AddHostedService(provider => new InformerHost(provider.GetRequiredService<FleetCaches>().All));
        builder.Services.AddSingleton<Reconciles>();
        builder.Services.AddSingleton<IReconcileObserver>(provider => provider.GetRequiredService<Reconciles>());
        var running = new RunningOperators(cluster, builder.Build());
        await running._host.StartAsync();
        return running;
    }

    /// <summary>Has the operator look at a service once more, and waits until it has.</summary>
    public async Task<ReconcileRecord> ReconcileAsync(ObjectKey key)
    {
        var next = _reconciles.Next(key);
        _host.Services.GetServices<Controller>().Single(static controller => controller.Name == "registry").Queue.Add(key, cause: "test");
        return await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Reconciles : IReconcileObserver
    {
        private readonly ConcurrentDictionary<ObjectKey, (DateTimeOffset Since, TaskCompletionSource<ReconcileRecord> Next)> _awaited = [];

        public Task<ReconcileRecord> Next(ObjectKey key) =>
            _awaited.GetOrAdd(key, _ => (TimeProvider.System.GetUtcNow(), new(TaskCreationOptions.RunContinuationsAsynchronously))).Next.Task;

        /// <summary>Any look that began after the test asked for one: the queue may have had the key already, for another cause.</summary>
        public void Completed(ReconcileRecord record)
        {
            if (record.Controller == "registry" && _awaited.TryGetValue(record.Key, out var awaited) && record.Started >= awaited.Since && _awaited.TryRemove(record.Key, out _))
            {
                awaited.Next.SetResult(record);
            }
        }
    }
}
