using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Gateway.Metrics;
using Operators.Metrics;

namespace ControlPlane.Web.Startup;

/// <summary>Traffic as the embedded gateway counts it: exact, at once, and for the last quarter of an hour.</summary>
internal sealed class EmbeddedMetrics(GatewayMetrics metrics) : IMetricsProvider
{
    public string Name => "embedded";

    public TimeSpan Retention => TrafficWindows.Retention;

    public Task<TrafficReading> ReadAsync(TrafficQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (metrics.Windows?.Read(question.From, question.To) is not { } reading)
        {
            return Task.FromException<TrafficReading>(new MetricsException(MetricsFailure.Failed, "the embedded gateway has not started yet"));
        }

        return Task.FromResult(reading with { Series = [.. reading.Series.Where(series => question.Includes(series.Flow))] });
    }

    public Task<IReadOnlyList<CircuitReading>> ReadCircuitsAsync(CancellationToken cancellationToken) => Task.FromResult(metrics.Circuits);

    public Task<double> EvaluateAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) => Task.FromException<double>(new MetricsException(
        MetricsFailure.Unsupported, "the embedded gateway's counters have no query language: set Metrics:Prometheus to use PromQL"));
}
