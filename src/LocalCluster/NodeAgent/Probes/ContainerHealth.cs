using k8s.Models;

namespace LocalCluster.NodeAgent.Probes;

/// <summary>Watches over one run of a container by its probes, to a kubelet's rules: nothing else is asked before it has started up.</summary>
internal sealed class ContainerHealth
{
    private readonly V1Container _container;
    private readonly Func<string, V1Probe, ProbeLoop> _loop;
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="container">The container.</param>
    /// <param name="loop">Makes the loop of a kind of probe.</param>
    public ContainerHealth(V1Container container, Func<string, V1Probe, ProbeLoop> loop)
    {
        _container = container;
        _loop = loop;
        Started = container.StartupProbe is null;
        Ready = Started && container.ReadinessProbe is null;
    }

    /// <summary>Told when <see cref="Started"/> or <see cref="Ready"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>True once it has started up.</summary>
    public bool Started { get; private set; }

    /// <summary>True while it should get traffic.</summary>
    public bool Ready { get; private set; }

    /// <summary>Completes when the container is to be restarted, with the kind of probe that says so.</summary>
    public Task<string> Failed => _failed.Task;

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        if (_container.StartupProbe is { } startup)
        {
            await _loop("Startup", startup).RunAsync(startedAt, passed => passed ? Start() : Fail("startup"), cancellationToken);
            if (!Started)
            {
                return;
            }
        }

        var liveness = _container.LivenessProbe is { } live
            ? _loop("Liveness", live).RunAsync(startedAt, passed => passed || Fail("liveness"), cancellationToken)
            : Task.CompletedTask;
        var readiness = _container.ReadinessProbe is { } ready
            ? _loop("Readiness", ready).RunAsync(startedAt, SetReady, cancellationToken)
            : Task.CompletedTask;
        await Task.WhenAll(liveness, readiness);
    }

    private bool Start()
    {
        Started = true;
        Ready = _container.ReadinessProbe is null;
        Changed?.Invoke();
        return false;
    }

    private bool Fail(string kind)
    {
        _failed.TrySetResult(kind);
        return false;
    }

    private bool SetReady(bool ready)
    {
        if (Ready != ready)
        {
            Ready = ready;
            Changed?.Invoke();
        }

        return true;
    }
}
