using ControlPlane.Api.Access;
using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Operators.Cluster;
using Operators.Metrics;

namespace ControlPlane.Api.Traffic.Map;

/// <summary>Who calls whom in the fleet, and how it goes, as far as the reader may see it.</summary>
public sealed class TrafficMapQuery(IMetricsProvider metrics, FleetCaches caches, FleetQuery fleet, Authorizer authorizer, TimeProvider time)
{
    /// <summary>The map of the last minutes.</summary>
    /// <exception cref="AccessException">The reader may see no service at all.</exception>
    /// <exception cref="Problems.RequestException">A parameter has a value that is none of those it may have.</exception>
    /// <exception cref="MetricsException">Traffic can't be told.</exception>
    public async Task<TrafficMap> MapAsync(TrafficMapRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (find, view) = (Finder(), request.View());
        var reading = await ReadAsync(request, new TrafficQuestion(default, default), cancellationToken);
        var circuits = await metrics.ReadCircuitsAsync(cancellationToken);
        return new TrafficMapBuilder(find, view).Build(metrics.Name, reading, circuits);
    }

    /// <summary>The requests of the last minutes, by who called which version of what by which route, the most first. Flows of services that the reader may not see are left out.</summary>
    /// <exception cref="AccessException">The reader may see no service at all.</exception>
    /// <exception cref="Problems.RequestException">A parameter has a value that is none of those it may have.</exception>
    /// <exception cref="MetricsException">Traffic can't be told.</exception>
    public async Task<IReadOnlyList<TrafficFlowView>> FlowsAsync(TrafficMapRequest request, string? service, string? source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var find = Finder();
        var reading = await ReadAsync(request, new TrafficQuestion(default, default) { Service = service, Source = source }, cancellationToken);
        bool Sees(string name) => name.Length == 0 || find(name).IsVisible;
        return
        [
            .. reading.Series.Where(series => series.Flow.Service.Length > 0 && Sees(series.Flow.Service) && Sees(series.Flow.Source))
                .GroupBy(static series => series.Flow with { Track = "" }) // which instances are canaries is told by their version here
                .Select(group => new TrafficFlowView(
                    group.Key.Source, group.Key.Service, group.Key.Version, group.Key.Route, TrafficMapBuilder.Sum(group, reading.Seconds)!))
                .Where(flow => string.IsNullOrWhiteSpace(request.Text) || $"{flow.Source} {flow.Service} {flow.Route}".Contains(request.Text, StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(static flow => flow.Stats.RequestsPerSecond)
                .ThenBy(static flow => (flow.Source, flow.Service, flow.Version, flow.Route)),
        ];
    }

    private Task<TrafficReading> ReadAsync(TrafficMapRequest request, TrafficQuestion question, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return metrics.ReadAsync(question with { From = now - request.Length(), To = now }, cancellationToken);
    }

    private Func<string, MapService> Finder()
    {
        var scope = authorizer.DemandSomewhere(Permissions.ReadServices);
        return name =>
        {
            var key = MapService.KeyOf(name);
            var team = caches.Services.Cache.Find(key)?.Spec.Owner.Team;
            return new(key, scope.Includes(key.Namespace, team), fleet.Find(key, scope));
        };
    }
}

/// <summary>The requests of one source to one version of a service by one route.</summary>
/// <param name="Source">The service that called, as <c>namespace/name</c>; empty for the world outside.</param>
/// <param name="Service">The service that was called.</param>
/// <param name="Version">Its version; empty where it says none.</param>
/// <param name="Route">The route.</param>
/// <param name="Stats">How much, and how it went.</param>
public sealed record TrafficFlowView(string Source, string Service, string Version, string Route, TrafficStats Stats);
