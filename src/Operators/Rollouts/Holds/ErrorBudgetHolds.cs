using System.Collections.Concurrent;
using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Operators.Metrics;

namespace Operators.Rollouts.Holds;

/// <summary>
/// Holds the rollouts of a service whose error budget (<c>spec.slo</c>) is burnt. Told over the objective's window, or as far back as traffic is known, and not at all
/// where that is less than a day: minutes are no budget.
/// </summary>
internal sealed class ErrorBudgetHolds(IMetricsProvider metrics, TimeProvider time) : IRolloutHolds
{
    private static readonly TimeSpan Least = TimeSpan.FromDays(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<ObjectKey, (DateTimeOffset At, RolloutHold? Hold)> _known = [];

    public async ValueTask<IReadOnlyList<RolloutHold>> FindAsync(CanaryRollout rollout, IReadOnlyList<ManagedService> services, CancellationToken cancellationToken)
    {
        List<RolloutHold> holds = [];
        foreach (var service in services)
        {
            if (await FindAsync(service, cancellationToken) is { } hold)
            {
                holds.Add(hold);
            }
        }

        return holds;
    }

    private async Task<RolloutHold?> FindAsync(ManagedService service, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (service.Spec.Slo is not { Availability: { } text } slo || !decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var target) || Window(slo) is not { } window)
        {
            return null;
        }

        if (_known.TryGetValue(service.Metadata.Key, out var known) && now - known.At < Fresh)
        {
            return known.Hold;
        }

        try
        {
            var reading = await metrics.ReadAsync(new TrafficQuestion(now - window, now) { Service = service.Front.ToString() }, cancellationToken);
            var hold = Judge(service, target, window, reading);
            _known[service.Metadata.Key] = (now, hold);
            return hold;
        }
        catch (MetricsException)
        {
            return known.Hold; // what was known last; not to know is no reason to stop
        }
    }

    private TimeSpan? Window(ServiceLevelObjective slo)
    {
        var wanted = TimeSpan.FromDays(slo.WindowDays);
        var window = wanted < metrics.Retention ? wanted : metrics.Retention;
        return window >= Least ? window : null;
    }

    private static RolloutHold? Judge(ManagedService service, decimal target, TimeSpan window, TrafficReading reading)
    {
        var counts = reading.Series.Select(static series => series.Counts).Aggregate(default(RequestCounts), RequestCounts.Add);
        return counts.SuccessRate is { } rate && (decimal)rate * 100 < target
            ? new RolloutHold
            {
                Type = RolloutHoldTypes.ErrorBudget,
                Message = string.Create(CultureInfo.InvariantCulture, $"the error budget of {service.Metadata.Name} is burnt: {rate * 100:0.###} % of the requests of {window.TotalDays:0.#} days were well, and {target} % are promised"),
            }
            : null;
    }
}
