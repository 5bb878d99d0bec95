using ControlPlane.Api.Access;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Live;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using Microsoft.Extensions.Hosting;
using Operators.Cluster;

namespace ControlPlane.Api.Cluster;

/// <summary>Looks every second whether the cluster can be followed, and tells when that changed.</summary>
public sealed class ClusterMonitor : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly FleetCaches _caches;
    private readonly Authorizer _authorizer;
    private readonly TimeProvider _time;
    private ClusterStatus _status;

    /// <summary>Makes a monitor; it looks once at once.</summary>
    public ClusterMonitor(FleetCaches caches, KubeConnection connection, ControlPlaneOptions options, Authorizer authorizer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        (_caches, _authorizer, _time) = (caches, authorizer, time);
        _status = new(options.ClusterName, connection.Server, Worst());
    }

    /// <summary>How it is now. No secret of any namespace or team: who may see it anywhere, may see it.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    public ClusterStatus Status
    {
        get
        {
            _authorizer.DemandSomewhere(Permissions.ReadCluster);
            return _status;
        }
    }

    /// <summary>Tells when <see cref="Status"/> is another one; which key says nothing.</summary>
    public ChangeFeed<int> Changes { get; } = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    internal void Look()
    {
        var worst = Worst();
        if (worst != _status.State)
        {
            _status = _status with { State = worst };
            Changes.Publish(0);
        }
    }

    /// <summary>Of all that are disconnected, the one that is it the longest: what any page shows is at most that old.</summary>
    private CacheState Worst()
    {
        var states = _caches.All.Select(informer => informer.State).ToList();
        return states.Where(state => state.Phase == CachePhase.Disconnected).MinBy(state => state.Since)
            ?? states.FirstOrDefault(state => state.Phase == CachePhase.Starting)
            ?? states.Where(state => state.Phase == CachePhase.Live).MaxBy(state => state.Since)
            ?? states[0];
    }
}
