using System.Net;
using k8s.Models;
using LocalCluster.NodeAgent.Images;
using LocalCluster.NodeAgent.Logs;
using LocalCluster.NodeAgent.Probes;
using LocalCluster.NodeAgent.Variables;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>
/// Runs one container of a pod from its image to its end, again and again as its restart policy says, and always knows what to report of it.
/// </summary>
internal sealed class ContainerWorker
{
    /// <summary>Exit code of a process that was ended by SIGKILL.</summary>
    private const int Killed = 137;

    /// <summary>What is left to a container whose hook has used up all the time; a kubelet's minimumGracePeriodInSeconds.</summary>
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(2);

    /// <summary>How often a kubelet looks again whether what a container is configured by is there.</summary>
    private static readonly TimeSpan ConfigRetry = TimeSpan.FromSeconds(10);

    /// <summary>How long a pull is seen to have failed before it is seen to be waited with.</summary>
    private static readonly TimeSpan Glimpse = TimeSpan.FromSeconds(2);

    private readonly Pod _pod;
    private readonly V1Container _container;
    private readonly PodNode _node;
    private readonly string _address;
    private readonly PodRuntime _runtime;
    private readonly PodEvents _events;
    private readonly PodTermination _termination;
    private readonly Action _changed;
    private readonly CrashBackoff _backoff = new();

    /// <param name="pod">Its pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="node">Node of the pod.</param>
    /// <param name="address">Address of the pod.</param>
    /// <param name="runtime">What it is run with.</param>
    /// <param name="events">Tells people.</param>
    /// <param name="termination">The end of the pod.</param>
    /// <param name="changed">Told when <see cref="Status"/> has changed.</param>
    public ContainerWorker(
        Pod pod, V1Container container, PodNode node, string address, PodRuntime runtime, PodEvents events, PodTermination termination, Action changed)
    {
        _pod = pod;
        _container = container;
        _node = node;
        _address = address;
        _runtime = runtime;
        _events = events;
        _termination = termination;
        _changed = changed;
        Status = ContainerRecovery.Resume(container, pod.Status.ContainerStatuses.FirstOrDefault(s => s.Name == container.Name), runtime.Time.GetUtcNow());
    }

    /// <summary>What to report.</summary>
    public ContainerStatus Status { get; private set; }

    /// <summary>Log of the present or last run; null before the first.</summary>
    public LogBuffer? Log { get; private set; }

    /// <summary>Log of the run before; null when there was none.</summary>
    public LogBuffer? PreviousLog { get; private set; }

    /// <summary>Runs the container until it has ended for good.</summary>
    public async Task RunAsync()
    {
        try
        {
            var image = await PullAsync();
            while (MayStart())
            {
                var variables = await ConfigureAsync();
                await RunOnceAsync(image, variables);
                await BackOffAsync();
            }
        }
        catch (OperationCanceledException) when (_termination.Requested.IsCancellationRequested)
        {
            // The pod ends while the container waits for something.
        }
    }

    /// <summary>A container that has ended is started again only as its restart policy says.</summary>
    private bool MayStart() => !_termination.Requested.IsCancellationRequested
        && (Status.State.Terminated is not { } ended
            || _pod.Spec.RestartPolicy == "Always"
            || (_pod.Spec.RestartPolicy == "OnFailure" && ended.ExitCode != 0));

    private async Task<IContainerImage> PullAsync()
    {
        var name = _container.Image ?? "";
        for (var pause = CrashBackoff.First; ; pause = CrashBackoff.Longer(pause))
        {
            if (_runtime.Images.Pull(name) is { } image)
            {
                _events.Normal("Pulled", $"Container image \"{name}\" already present on machine");
                return image;
            }

            var problem = $"failed to pull and unpack image \"{name}\": not found";
            _events.Warning("Failed", $"Failed to pull image \"{name}\": {problem}");
            _events.Warning("Failed", "Error: ErrImagePull");
            Wait("ErrImagePull", problem);
            await Task.Delay(Glimpse, _runtime.Time, _termination.Requested);
            _events.Normal("BackOff", $"Back-off pulling image \"{name}\"");
            Wait("ImagePullBackOff", $"Back-off pulling image \"{name}\": ErrImagePull: {problem}");
            await Task.Delay(pause, _runtime.Time, _termination.Requested);
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> ConfigureAsync()
    {
        var fields = new PodFields(_pod, _address, _runtime.HostAddress, _node.Allocatable);
        while (true)
        {
            try
            {
                return await _runtime.Variables.ResolveAsync(_pod, _container, fields, _termination.Requested);
            }
            catch (ContainerConfigException e)
            {
                _events.Warning("Failed", $"Error: {e.Message}");
                Wait("CreateContainerConfigError", e.Message);
            }
            catch (Exception e) when (ApiFailure.Is(e))
            {
                Wait("CreateContainerConfigError", e.Message);
            }

            await Task.Delay(ConfigRetry, _runtime.Time, _termination.Requested);
        }
    }

    private async Task RunOnceAsync(IContainerImage image, IReadOnlyDictionary<string, string> variables)
    {
        PreviousLog = Log;
        Log = new LogBuffer(_runtime.Time);
        var id = $"inprocess://{Guid.NewGuid():N}";
        await using var running = await StartAsync(image, variables, Log);
        var startedAt = _runtime.Time.GetUtcNow();
        var isRestart = Status.ContainerId is not null;
        Status = Status with
        {
            State = new ContainerState { Running = new ContainerRunning(startedAt) },
            LastState = Status.State.Terminated is { } ended ? new ContainerState { Terminated = ended } : Status.LastState,
            RestartCount = isRestart ? Status.RestartCount + 1 : Status.RestartCount,
            ImageId = _container.Image ?? "",
            ContainerId = id,
        };
        _events.Normal("Created", "Container created");
        _events.Normal("Started", "Container started");
        var exitCode = await WatchAsync(running, startedAt);
        Log.Close();
        Publish(Status with
        {
            State = new ContainerState
            {
                Terminated = new ContainerTerminated
                {
                    ExitCode = exitCode,
                    Reason = exitCode == 0 ? "Completed" : "Error",
                    StartedAt = startedAt,
                    FinishedAt = _runtime.Time.GetUtcNow(),
                    ContainerId = id,
                },
            },
            Ready = false,
            Started = false,
        });
    }

    private async Task<IRunningContainer> StartAsync(IContainerImage image, IReadOnlyDictionary<string, string> variables, LogBuffer log)
    {
        var address = _runtime.Network.Listen(_address);
        var setup = new ContainerSetup
        {
            Pod = _pod,
            Image = _container.Image ?? "",
            Zone = _node.Zone,
            Address = address,
            Listen = [.. (_container.Ports ?? []).Where(p => p.Protocol is null or "TCP").Select(p => p.ContainerPort).Distinct().Select(p => new IPEndPoint(address, p))],
            Environment = variables,
            Log = log.Write,
            Outbound = () => _runtime.Outbound(_pod.Metadata.Namespace, address),
        };
        await _runtime.Starts.WaitAsync(_termination.Requested);
        try
        {
            return await image.StartAsync(setup, _termination.Requested);
        }
#pragma warning disable CA1031 // whatever a program throws ends the program, as it would end a process, and not the agent
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.Write(e.ToString());
            return new EndedContainer(exitCode: 1);
        }
        finally
        {
            _runtime.Starts.Release();
        }
    }

    /// <summary>Watches a run until it has ended, by itself, by its probes or with its pod.</summary>
    /// <returns>Exit code.</returns>
    private async Task<int> WatchAsync(IRunningContainer running, DateTimeOffset startedAt)
    {
        if (running.Exited.IsCompleted)
        {
            return await running.Exited;
        }

        var health = new ContainerHealth(_container, Loop);
        health.Changed += Show;
        Show();
        using var watched = new CancellationTokenSource();
        var watching = health.RunAsync(startedAt, watched.Token);
        try
        {
            await Task.WhenAny(running.Exited, health.Failed, _termination.WhenRequested);
            return running.Exited.IsCompleted ? await running.Exited : await EndAsync(running, health);
        }
        finally
        {
            await watched.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void Show() => Publish(Status with { Started = health.Started, Ready = health.Ready });
    }

    private async Task<int> EndAsync(IRunningContainer running, ContainerHealth health)
    {
        var unhealthy = health.Failed.IsCompleted && !_termination.Requested.IsCancellationRequested ? await health.Failed : null;
        _events.Normal("Killing", unhealthy is null
            ? $"Stopping container {_container.Name}"
            : $"Container {_container.Name} failed {unhealthy} probe, will be restarted");

        var failed = unhealthy switch { "liveness" => _container.LivenessProbe, "startup" => _container.StartupProbe, _ => null };
        var grace = TimeSpan.FromSeconds(failed?.TerminationGracePeriodSeconds ?? _pod.Spec.TerminationGracePeriodSeconds);
        using var restart = new CancellationTokenSource(unhealthy is null ? Timeout.InfiniteTimeSpan : grace, _runtime.Time);
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(_termination.Kill, restart.Token);
        if (await _runtime.Hooks.PreStopAsync(_container, _address, kill.Token) is { } problem)
        {
            _events.Warning("FailedPreStopHook", $"PreStopHook failed: {problem}");
        }

        using var least = new CancellationTokenSource(LeastGrace, _runtime.Time);
        await running.StopAsync(kill.IsCancellationRequested ? least.Token : kill.Token);
        return running.Exited.IsCompleted ? await running.Exited : Killed;
    }

    private ProbeLoop Loop(string kind, V1Probe spec)
    {
        var probe = _runtime.Probes.Create(spec, _container, _address, out var warning);
        if (warning is not null)
        {
            _events.Warning("ProbeWarning", $"{kind} probe warning: {warning}");
        }

        return new ProbeLoop(kind, probe, spec, note => _events.Warning("Unhealthy", note), _runtime.Time);
    }

    private async Task BackOffAsync()
    {
        if (!MayStart() || Status.State.Terminated is not { FinishedAt: { } finishedAt } ended)
        {
            return;
        }

        var pause = _backoff.Next(finishedAt);
        var left = finishedAt + pause - _runtime.Time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        var pod = $"{_pod.Metadata.Name}_{_pod.Metadata.Namespace}({_pod.Metadata.Uid})";
        _events.Warning("BackOff", $"Back-off restarting failed container {_container.Name} in pod {pod}");
        var message = $"back-off {GoDuration.Format(pause)} restarting failed container={_container.Name} pod={pod}";
        Publish(Status with
        {
            State = new ContainerState { Waiting = new ContainerWaiting("CrashLoopBackOff", message) },
            LastState = new ContainerState { Terminated = ended },
        });
        await Task.Delay(left, _runtime.Time, _termination.Requested);
    }

    private void Wait(string reason, string message)
    {
        var last = Status.State.Terminated is { } ended ? new ContainerState { Terminated = ended } : Status.LastState;
        Publish(Status with { State = new ContainerState { Waiting = new ContainerWaiting(reason, message) }, LastState = last });
    }

    private void Publish(ContainerStatus status)
    {
        Status = status;
        _changed();
    }
}
