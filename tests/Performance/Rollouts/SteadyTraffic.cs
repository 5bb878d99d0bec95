using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Operators.Metrics;

namespace Performance.Rollouts;

/// <summary>Traffic of every service at any time: a hundred requests a second, of which the canary gets a tenth; one in a thousand fails, of either side.</summary>
internal sealed class SteadyTraffic : IMetricsProvider
{
    private const double PerSecond = 100;
    private const double CanaryShare = 0.1;
    private const double ErrorShare = 0.001;

    private static readonly double[] Bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1];

    public string Name => "steady";

    public TimeSpan Retention => TimeSpan.FromHours(1);

    public Task<TrafficReading> ReadAsync(TrafficQuestion question, CancellationToken cancellationToken)
    {
        var seconds = (question.To - question.From).TotalSeconds;
        TrafficSeries[] series = [Series(Tracks.Stable, seconds * PerSecond * (1 - CanaryShare)), Series(Tracks.Canary, seconds * PerSecond * CanaryShare)];
        return Task.FromResult(new TrafficReading(question.From, question.To, [.. series.Where(one => question.Includes(one.Flow))]));

        TrafficSeries Series(string track, double requests) => new(
            new TrafficFlow("", question.Service ?? "", "", question.Route ?? "", track),
            new RequestCounts((long)requests, (long)(requests * ErrorShare), 0, 0),
            new LatencyHistogram(Bounds, [.. new[] { 0.1, 0.5, 0.3, 0.08, 0.015, 0.004, 0.001 }.Select(share => share * requests)]));
    }

    public Task<IReadOnlyList<CircuitReading>> ReadCircuitsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CircuitReading>>([]);

    public Task<double> EvaluateAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        Task.FromException<double>(new MetricsException(MetricsFailure.Unsupported, "no expressions here"));
}
