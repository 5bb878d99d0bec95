using System.Globalization;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Hosting;
using Operators.Cluster;

namespace Operators.Discovery;

/// <summary>
/// Checks every ready instance of the services that ask for it, each on its own clock and spread over the interval, so that a fleet is checked
/// evenly and never in waves.
/// </summary>
public sealed class HealthProber : BackgroundService
{
    private const int Workers = 64;

    private readonly FleetCaches _caches;
    private readonly InstanceDirectory _directory;
    private readonly IPodNetwork _network;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly Random _spread;
    private readonly WorkQueue<InstanceKey> _due;
    private readonly HashSet<InstanceKey> _scheduled = [];

    /// <summary>Makes a prober that follows the directory.</summary>
    /// <param name="caches">The declared services.</param>
    /// <param name="directory">Their instances; told what comes of the checks.</param>
    /// <param name="network">How instances are reached.</param>
    /// <param name="metrics">Where the queue of checks is shown.</param>
    /// <param name="time">Clock of intervals and timeouts.</param>
    /// <param name="spread">Where in the interval the first check of an instance falls; null for anywhere.</param>
    public HealthProber(FleetCaches caches, InstanceDirectory directory, IPodNetwork network, RuntimeMetrics metrics, TimeProvider time, Random? spread = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        _caches = caches;
        _directory = directory;
        _network = network;
        _time = time;
        _spread = spread ?? Random.Shared;
        _due = new WorkQueue<InstanceKey>("health-checks", time, metrics);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // 3xx is healthy, and nobody follows an instance elsewhere
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1), // a check that reuses a connection does not check that one can be made
        });
        directory.Changed += Schedule;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _directory.Changed -= Schedule;
        _due.Dispose();
        _http.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var service in _caches.Services.Cache.Snapshot())
        {
            Schedule(service.Metadata.Key); // what the directory knew before we listened
        }

        return Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));
    }

    private void Schedule(ObjectKey service)
    {
        if (_caches.Services.Cache.Find(service)?.Spec.HealthCheck is not { } check)
        {
            return;
        }

        foreach (var instance in _directory.Find(service).Where(IsChecked))
        {
            var key = new InstanceKey(service, instance.Name);
            lock (_scheduled)
            {
                if (!_scheduled.Add(key))
                {
                    continue;
                }
            }

            _due.AddAfter(key, TimeSpan.FromSeconds(check.IntervalSeconds * _spread.NextDouble()));
        }
    }

    private static bool IsChecked(Instance instance) =>
        instance.State is InstanceState.Healthy or InstanceState.Unhealthy or InstanceState.Flapping;

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = (await _due.TakeAsync(cancellationToken)).Key;
            try
            {
                await CheckAsync(key, cancellationToken);
            }
            finally
            {
                _due.Done(key);
            }
        }
    }

    private async Task CheckAsync(InstanceKey key, CancellationToken cancellationToken)
    {
        ActiveHealthCheck? check;
        Instance? instance;
        lock (_scheduled)
        {
            // Read under the lock that Schedule takes: an instance that comes back now is either seen here or scheduled anew.
            check = _caches.Services.Cache.Find(key.Service)?.Spec.HealthCheck;
            instance = _directory.Find(key);
            if (check is null || instance is null || !IsChecked(instance))
            {
                _scheduled.Remove(key);
                return;
            }
        }

        var problem = await ProbeAsync(instance, check, cancellationToken);
        _due.AddAfter(key, TimeSpan.FromSeconds(check.IntervalSeconds));
        _directory.RecordCheck(key, problem, check);
    }

    /// <summary>One check. Returns why it failed; null when it passed.</summary>
    private async Task<string?> ProbeAsync(Instance instance, ActiveHealthCheck check, CancellationToken cancellationToken)
    {
        if (instance.Ports.FirstOrDefault(p => check.Port is null || p.Name == check.Port) is not { } port)
        {
            return $"it has no port {check.Port}";
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(check.TimeoutSeconds), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // The path is set apart from the authority: one that begins with two slashes must not lead to another host.
            var (path, query) = check.Path.Split('?', 2) is [var before, var after] ? (before, after) : (check.Path, "");
            var address = new UriBuilder(Uri.UriSchemeHttp, _network.Route(instance.Address), port.Port) { Path = path, Query = query };
            using var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
            request.Headers.UserAgent.ParseAdd("dabbawala-health/1");
            request.Headers.ConnectionClose = true;
            using var response = await _http.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            return status is >= 200 and < 400 ? null : $"GET {check.Path} answered {status.ToString(CultureInfo.InvariantCulture)}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"GET {check.Path} did not answer within {check.TimeoutSeconds.ToString(CultureInfo.InvariantCulture)} s";
        }
        catch (HttpRequestException e)
        {
            return $"GET {check.Path} failed: {e.HttpRequestError}";
        }
    }
}
