using System.Threading.Channels;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.NodeAgent.Logs;
using LocalCluster.Workloads;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>Runs one pod from the moment it is bound to its end, and reports how it is.</summary>
internal sealed class PodWorker : IDisposable
{
    private readonly PodRuntime _runtime;
    private readonly PodEvents _events;
    private readonly PodReporter _reporter;
    private readonly PodTermination _termination;
    private readonly PodFacts _facts;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<ContainerWorker> _containers;
    private readonly IReadOnlyList<ContainerStatus> _init;

    /// <param name="pod">The pod.</param>
    /// <param name="node">Its node.</param>
    /// <param name="runtime">What it is run with.</param>
    /// <param name="recorder">Writes events.</param>
    public PodWorker(Pod pod, PodNode node, PodRuntime runtime, EventRecorder recorder)
    {
        _runtime = runtime;
        _events = new PodEvents(recorder, pod);
        _reporter = new PodReporter(pod, runtime.Writer, runtime.Time, runtime.Loggers.CreateLogger<PodReporter>());
        _termination = new PodTermination(runtime.Time);
        _facts = new PodFacts(Address(pod), runtime.HostAddress, pod.Status.StartTime ?? runtime.Time.GetUtcNow());
        _containers = [.. pod.Spec.Containers.Select(c => new ContainerWorker(pod, c, node, _facts.PodAddress, runtime, _events, _termination, Wake))];
        _init = InitContainers.Refuse(pod);
        Update(pod);
    }

    /// <summary>Takes in a version of the pod that the API shows.</summary>
    public void Update(Pod pod)
    {
        _reporter.Learn(pod);
        if (pod.IsTerminating)
        {
            _termination.Request(TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds));
        }

        Wake();
    }

    /// <summary>The pod is gone from the API, or the agent stops: nothing of it may go on running.</summary>
    public void End() => _termination.Request(TimeSpan.Zero);

    /// <summary>Runs the pod until it is gone.</summary>
    /// <param name="stopping">Ends reporting; <see cref="End"/> ends what runs.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        var running = RunContainersAsync();
        _ = running.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await ReportUntilEndedAsync(running, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next process of the agent goes on from what was reported last.
        }
        finally
        {
            End();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _runtime.Addresses.Return(_facts.PodAddress);
        }
    }

    /// <summary>The log of a container.</summary>
    /// <exception cref="LogUnavailableException">There is none.</exception>
    public LogBuffer Log(string container, bool previous)
    {
        var pod = _reporter.Known.Metadata.Name;
        var index = _containers.FindIndex(worker => worker.Status.Name == container);
        if (index < 0)
        {
            throw new LogUnavailableException(isUnknown: true, $"container \"{container}\" not found in pod \"{pod}\"");
        }

        var worker = _containers[index];
        if (previous)
        {
            return worker.PreviousLog
                ?? throw new LogUnavailableException(isUnknown: false, $"previous terminated container \"{container}\" in pod \"{pod}\" not found");
        }

        return worker.Log ?? throw new LogUnavailableException(
            isUnknown: false, $"container \"{container}\" in pod \"{pod}\" is waiting to start: {worker.Status.State.Waiting?.Reason ?? "ContainerCreating"}");
    }

    /// <inheritdoc/>
    public void Dispose() => _termination.Dispose();

    private async Task RunContainersAsync()
    {
        try
        {
            if (_init.Count > 0)
            {
                _events.Warning("Failed", $"Error: {_init[0].State.Waiting?.Message}");
                return;
            }

            await VolumeCheck.WaitAsync(_reporter.Known, _runtime, _events, _termination.Requested);
            if (_containers.Exists(worker => worker.Status.ContainerId is not null))
            {
                _events.Normal("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
            }

            await Task.WhenAll(_containers.Select(worker => worker.RunAsync()));
        }
        catch (OperationCanceledException) when (_termination.Requested.IsCancellationRequested)
        {
            // It ends before anything of it has started.
        }
    }

    private async Task ReportUntilEndedAsync(Task running, CancellationToken stopping)
    {
        while (true)
        {
            var hasEnded = running.IsCompleted;
            if (running.IsFaulted)
            {
                await running; // a defect: the supervisor says so
            }

            if (!await _reporter.ReportAsync(Plan, stopping))
            {
                return;
            }

            if (hasEnded && _reporter.Known.IsTerminating)
            {
                await _reporter.RemoveAsync(stopping);
                return;
            }

            await _changes.Reader.ReadAsync(stopping);
        }
    }

    private PodStatus Plan(Pod pod) =>
        PodStatusPlanner.Plan(pod, _facts, _init, [.. _containers.Select(worker => worker.Status)], _runtime.Time.GetUtcNow());

    private string Address(Pod pod)
    {
        var uid = pod.Metadata.Uid ?? "";
        return pod.Status.PodIp is { } kept && _runtime.Addresses.TryKeep(kept, uid) ? kept : _runtime.Addresses.Take(uid);
    }

    private void Wake() => _changes.Writer.TryWrite(true);
}
