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

    public static async Task<RunningOperators> StartAsync(TestCluster cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(provider => KubeConnection.Anonymous(cluster.Address, provider.GetRequiredService<RuntimeMetrics>()));
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
        private readonly ConcurrentDictionary<ObjectKey, TaskCompletionSource<ReconcileRecord>> _awaited = [];

        public Task<ReconcileRecord> Next(ObjectKey key) =>
            _awaited.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Completed(ReconcileRecord record)
        {
            if (record.Cause == "test" && _awaited.TryRemove(record.Key, out var awaited))
            {
                awaited.SetResult(record);
            }
        }
    }
}
