using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;
using Operators.Metrics;

namespace Operators.Rollouts.Evidence.Sources;

/// <summary>Asks the metrics provider what an expression comes to: business counters, queues, whatever is measured.</summary>
/// <param name="metrics">The provider.</param>
internal sealed class ExpressionSource(IMetricsProvider metrics) : IEvidenceSource
{
    public RolloutMetricType Type => RolloutMetricType.Expression;

    public async Task<SourceFinding> FindAsync(SourceQuestion question, CancellationToken cancellationToken)
    {
        var expression = question.Metric.Expression ?? new();
        if (expression.Value is { } value)
        {
            return new() { Value = (await AskAsync(question, value, Tracks.Canary, cancellationToken)).ToString("R", CultureInfo.InvariantCulture) };
        }

        var (stableBad, stable) = await SideAsync(question, expression, Tracks.Stable, cancellationToken);
        var (canaryBad, canary) = await SideAsync(question, expression, Tracks.Canary, cancellationToken);
        return new() { Counts = new(stableBad, stable, canaryBad, canary) };
    }

    /// <summary>What there was none of yet has no series: it counts as none, where there is a total.</summary>
    private async Task<(long Bad, long Total)> SideAsync(SourceQuestion question, RolloutExpression expression, string track, CancellationToken cancellationToken)
    {
        var total = Count(await OrNoneAsync(expression.Total ?? "", track));
        return total == 0 ? (0, 0) : (Math.Min(total, Count(await OrNoneAsync(expression.Bad ?? "", track))), total);

        async Task<double> OrNoneAsync(string template, string side)
        {
            try
            {
                return await AskAsync(question, template, side, cancellationToken);
            }
            catch (MetricsException e) when (e.Failure == MetricsFailure.NoData)
            {
                return 0;
            }
        }
    }

    private Task<double> AskAsync(SourceQuestion question, string template, string track, CancellationToken cancellationToken)
    {
        var service = question.Member.Service;
        var workload = track == Tracks.Canary ? WorkloadSides.CanaryKey(service) : FleetCaches.WorkloadKeyOf(service).Key;
        var filled = ExpressionTemplate.Fill(template, new Dictionary<string, string>
        {
            [ExpressionTemplate.Namespace] = question.Namespace,
            [ExpressionTemplate.Service] = service.Metadata.Name,
            [ExpressionTemplate.Workload] = workload.Name,
            [ExpressionTemplate.Track] = track,
            [ExpressionTemplate.Interval] = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)(question.To - question.From).TotalSeconds)}s"),
        });
        return metrics.EvaluateAsync(filled, question.To, cancellationToken);
    }

    private static long Count(double value) => value is > 0 and < long.MaxValue ? (long)Math.Round(value) : 0;
}
