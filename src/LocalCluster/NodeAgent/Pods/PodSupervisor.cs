using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.NodeAgent.Logs;
using LocalCluster.Workloads;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>Has a worker for every pod that is bound to one of the agent's nodes.</summary>
/// <param name="pods">All pods that are bound to a node.</param>
/// <param name="runtime">What pods are run with.</param>
/// <param name="create">Makes the worker of a pod; null when its node is none of the agent's.</param>
/// <param name="logger">Log.</param>
internal sealed partial class PodSupervisor(
    Informer<Pod> pods, PodRuntime runtime, Func<Pod, PodWorker?> create, ILogger<PodSupervisor> logger) : IContainerLogs
{
    private readonly ConcurrentDictionary<string, Run> _runs = new(StringComparer.Ordinal);

    /// <summary>Runs pods until cancelled, then ends them.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await pods.Synced.WaitAsync(stopping);
        foreach (var pod in pods.Cache.Snapshot().Where(pod => pod.Status.PodIp is not null))
        {
            // Before any new pod is given an address: those that exist keep theirs.
            runtime.Addresses.TryKeep(pod.Status.PodIp!, pod.Metadata.Uid ?? "");
        }

        using (pods.Cache.Subscribe(change => Follow(change, stopping)))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var run in _runs.Values)
        {
            run.Worker.End();
        }

        await Task.WhenAll(_runs.Values.Select(run => run.Done));
    }

    /// <inheritdoc/>
    public LogBuffer Find(string ns, string pod, string container, bool previous) =>
        pods.Cache.Find(new ObjectKey(ns, pod)) is { Metadata.Uid: { } uid } && _runs.TryGetValue(uid, out var run)
            ? run.Worker.Log(container, previous)
            : throw new LogUnavailableException(isUnknown: true, $"pod \"{pod}\" does not exist");

    private void Follow(CacheChange<Pod> change, CancellationToken stopping)
    {
        if (change.Old?.Metadata.Uid is { } before && before != change.New?.Metadata.Uid && _runs.TryGetValue(before, out var old))
        {
            old.Worker.End(); // gone, or another pod of the same name has taken its place
        }

        if (change.New is not { Metadata.Uid: { } uid } pod)
        {
            return;
        }

        if (_runs.TryGetValue(uid, out var known))
        {
            known.Worker.Update(pod);
        }
        else if ((!pod.IsFinished || pod.IsTerminating) && create(pod) is { } worker)
        {
            var run = new Run(worker);
            _runs[uid] = run;
            run.Done = RunAsync(uid, worker, stopping);
        }
    }

    private async Task RunAsync(string uid, PodWorker worker, CancellationToken stopping)
    {
        await Task.Yield(); // the informer's thread has other pods to tell of
        try
        {
            await worker.RunAsync(stopping);
        }
#pragma warning disable CA1031 // a defect that shows on one pod must not end the others
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogDefect(e, uid);
        }
        finally
        {
            _runs.TryRemove(uid, out _);
            worker.Dispose();
        }
    }

    private sealed class Run(PodWorker worker)
    {
        public PodWorker Worker { get; } = worker;

        public Task Done { get; set; } = Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The node agent has a defect that shows on the pod with uid {Uid}")]
    private partial void LogDefect(Exception exception, string uid);
}
