using ControlPlane.Kubernetes.Resources.Traffic.Readings;

namespace Operators.Metrics;

/// <summary>Stands where nothing measures traffic, and says what to do about that.</summary>
internal sealed class NoMetricsProvider : IMetricsProvider
{
    private const string Advice = "nothing measures traffic here: set Metrics:Prometheus to the address of a Prometheus that scrapes the data plane";

    public string Name => "none";

    public TimeSpan Retention => TimeSpan.Zero;

    public Task<TrafficReading> ReadAsync(TrafficQuestion question, CancellationToken cancellationToken) =>
        Task.FromException<TrafficReading>(new MetricsException(MetricsFailure.Unsupported, Advice));

    public Task<IReadOnlyList<CircuitReading>> ReadCircuitsAsync(CancellationToken cancellationToken) =>
        Task.FromException<IReadOnlyList<CircuitReading>>(new MetricsException(MetricsFailure.Unsupported, Advice));

    public Task<double> EvaluateAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        Task.FromException<double>(new MetricsException(MetricsFailure.Unsupported, Advice));
}
