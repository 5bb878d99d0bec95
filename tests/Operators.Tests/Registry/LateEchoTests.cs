using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.DependencyInjection;
using Operators.Cluster;
using Operators.Hosting;
using Operators.Registry;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry;

/// <summary>What a reconcile does while the caches do not show the write of the one before.</summary>
public sealed class LateEchoTests
{
    [Fact]
    public async Task A_repair_is_counted_also_when_the_status_has_to_wait_for_the_echo_of_another_write()
    {
        await using var cluster = await TestCluster.StartAsync(withControllers: false);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(provider => KubeConnection.Anonymous(cluster.Address, provider.GetRequiredService<RuntimeMetrics>()))
            .AddFleet()
            .AddOperators("test", leaderLease: null)
            .BuildServiceProvider();
        var caches = services.GetRequiredService<FleetCaches>();
        var reconciler = services.GetRequiredService<ServiceReconciler>();
        var deployments = caches.Owned(KnownResources.Deployments);
        var key = Samples.Key("order");
        using var stop = new CancellationTokenSource();
        using var pause = new CancellationTokenSource();
        var following = caches.All.Where(informer => informer != deployments).Select(informer => informer.RunAsync(stop.Token)).ToList();
        var followingDeployments = deployments.RunAsync(pause.Token);
        await Task.WhenAll(caches.All.Select(informer => informer.Synced)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await cluster.ApplyAsync(Samples.Manifest(Samples.Service("order")));
        await UntilAsync(() => caches.Services.Cache.Find(key) is not null);
        await ReconcileAsync();
        await UntilAsync(() => caches.OwnedBy(key).Count == 6);

        await pause.CancelAsync();
        await followingDeployments;
        await cluster.PatchAsync(ManagedService.ResourceType, key, """{"spec":{"workload":{"image":"fleet/order:2.0.0"}}}""");
        await UntilAsync(() => caches.Services.Cache.Find(key)?.Spec.Workload?.Image == "fleet/order:2.0.0");
        await ReconcileAsync();
        await cluster.PatchAsync(KnownResources.Services, key, """{"spec":{"selector":{"track":"canary"}}}""", manager: "kubectl-edit");
        await UntilAsync(() => Shows(caches.Owned(KnownResources.Services), "canary"));
        Assert.NotNull((await ReconcileAsync()).RequeueAfter);

        following.Add(deployments.RunAsync(stop.Token));
        await UntilAsync(() => Shows(deployments, "fleet/order:2.0.0"));
        await ReconcileAsync();

        var drift = (await cluster.GetAsync(ManagedService.ResourceType, key))["status"]!["drift"];
        Assert.Equal((1, "kubectl-edit"), ((int?)drift?["repairs"], (string?)drift?["lastManager"]));
        await stop.CancelAsync();
        await Task.WhenAll(following);

        ValueTask<ReconcileResult> ReconcileAsync() => reconciler.ReconcileAsync(new ReconcileRequest(key, "test"), TestContext.Current.CancellationToken);

        Task UntilAsync(Func<bool> holds) => caches.UntilAsync(() => holds() ? caches : null, () => $"{caches.Services.Cache.Find(key)}");

        bool Shows(Informer<LiveObject> informer, string text) =>
            informer.Cache.Find(key) is { } live && System.Text.Encoding.UTF8.GetString(live.Json.Span).Contains(text, StringComparison.Ordinal);
    }
}
