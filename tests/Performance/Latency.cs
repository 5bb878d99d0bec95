using System.Diagnostics;
using System.Text.Json;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Performance;

/// <summary>Latencies as a user sees them: from the start of the write to the watch event that shows its effect.</summary>
internal sealed class Latency(MeasuredCluster cluster) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Informer<LiveObject> _deployments = new(
        cluster.Api, KnownResources.Deployments, CacheScope.All, new LiveObjectDecoder("nobody"), cluster.Metrics, TimeProvider.System, NullLogger<Informer<LiveObject>>.Instance);

    private Task _running = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _running = _deployments.RunAsync(_stop.Token);
        await _deployments.Synced.WaitAsync(cancellationToken);
    }

    /// <summary>A patch of a Deployment that nobody keeps: what the API server itself takes.</summary>
    public Task<TimeSpan> RawAsync(ObjectKey deployment, string image, CancellationToken cancellationToken) =>
        TimeAsync(deployment, image, () => SetContainerImageAsync(deployment, image, cancellationToken), cancellationToken);

    /// <summary>An edit of a ManagedService, until its Deployment follows.</summary>
    public Task<TimeSpan> EditAsync(ObjectKey service, string image, CancellationToken cancellationToken) => TimeAsync(
        service,
        image,
        () => cluster.Api.MergePatchAsync(
            ManagedService.ResourceType,
            service,
            JsonSerializer.SerializeToUtf8Bytes(new { spec = new { workload = new { image } } }, KubeJson.Options),
            new WriteOptions { FieldManager = "performance" },
            cancellationToken),
        cancellationToken);

    /// <summary>A foreign edit of a Deployment, until it is put back.</summary>
    public async Task<TimeSpan> DriftAsync(ObjectKey service, string declared, string foreign, CancellationToken cancellationToken)
    {
        var spoilt = WaitForAsync(service, foreign, cancellationToken);
        var mended = await TimeAsync(
            service,
            declared,
            async () =>
            {
                await SetContainerImageAsync(service, foreign, cancellationToken);
                await spoilt;
            },
            cancellationToken,
            after: spoilt);
        return mended;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private Task SetContainerImageAsync(ObjectKey deployment, string image, CancellationToken cancellationToken)
    {
        object[] patch = [new { op = "replace", path = "/spec/template/spec/containers/0/image", value = image }];
        return cluster.Api.JsonPatchAsync(
            KnownResources.Deployments, deployment, JsonSerializer.SerializeToUtf8Bytes(patch, KubeJson.Options), new WriteOptions { FieldManager = "somebody" }, cancellationToken);
    }

    private async Task<TimeSpan> TimeAsync(ObjectKey deployment, string image, Func<Task> act, CancellationToken cancellationToken, Task? after = null)
    {
        var clock = Stopwatch.StartNew();
        var seen = after is null ? WaitForAsync(deployment, image, cancellationToken) : WaitAfterAsync(after, deployment, image, cancellationToken);
        await act();
        await seen;
        return clock.Elapsed;
    }

    private async Task WaitAfterAsync(Task first, ObjectKey deployment, string image, CancellationToken cancellationToken)
    {
        await first;
        await WaitForAsync(deployment, image, cancellationToken);
    }

    private async Task WaitForAsync(ObjectKey deployment, string image, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = _deployments.Cache.Subscribe(change =>
        {
            if (change.Key == deployment && change.New is { } live && HasImage(live, image))
            {
                found.TrySetResult();
            }
        });
        await found.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    private static bool HasImage(LiveObject live, string image) => live.Json.Span.IndexOf(System.Text.Encoding.UTF8.GetBytes($"\"image\":\"{image}\"")) >= 0;
}
