using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Operators.Metrics;

namespace Operators.Tests.Rollouts.Evidence;

/// <summary>A metrics provider that knows each request that a test made, and when.</summary>
internal sealed class FakeTraffic : IMetricsProvider
{
    private static readonly double[] Bounds = [0.01, 0.1, 0.2, 0.5, 1, 2];

    private readonly List<(DateTimeOffset At, TrafficFlow Flow, long Requests, long Errors, double Seconds)> _made = [];

    public string Name => "fake";

    public TimeSpan Retention { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Why nothing is answered; null for answers.</summary>
    public MetricsException? Failure { get; set; }

    /// <summary>What an expression comes to.</summary>
    public Func<string, DateTimeOffset, double> Expressions { get; set; } = static (_, _) => throw new MetricsException(MetricsFailure.Unsupported, "no expressions here");

    /// <summary>All that was asked.</summary>
    public List<TrafficQuestion> Asked { get; } = [];

    /// <summary>Requests at one moment, all as slow.</summary>
    public void Make(DateTimeOffset at, string track, long requests, long errors = 0, double seconds = 0.05, string service = "shop/order", string route = "shop/web") =>
        _made.Add((at, new TrafficFlow("", service, "", route, track), requests, errors, seconds));

    /// <summary>Requests of stable and canary at one moment.</summary>
    public void Make(DateTimeOffset at, long stable, long stableErrors, long canary, long canaryErrors)
    {
        Make(at, Tracks.Stable, stable, stableErrors);
        Make(at, Tracks.Canary, canary, canaryErrors);
    }

    public Task<TrafficReading> ReadAsync(TrafficQuestion question, CancellationToken cancellationToken)
    {
        Asked.Add(question);
        return Failure is { } failure
            ? Task.FromException<TrafficReading>(failure)
            : Task.FromResult(new TrafficReading(
                question.From,
                question.To,
                [
                    .. _made.Where(made => made.At >= question.From && made.At < question.To && question.Includes(made.Flow)).Select(static made =>
                        new TrafficSeries(made.Flow, new RequestCounts(made.Requests, made.Errors, 0, 0), Histogram(made.Seconds, made.Requests))),
                ]));
    }

    public Task<IReadOnlyList<CircuitReading>> ReadCircuitsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CircuitReading>>([]);

    public Task<double> EvaluateAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            return Failure is { } failure ? throw failure : Task.FromResult(Expressions(expression, at));
        }
        catch (MetricsException e)
        {
            return Task.FromException<double>(e);
        }
    }

    private static LatencyHistogram Histogram(double seconds, long requests)
    {
        var counts = new double[Bounds.Length + 1];
        var bucket = Array.FindIndex(Bounds, bound => seconds <= bound);
        counts[bucket < 0 ? Bounds.Length : bucket] = requests;
        return new(Bounds, counts);
    }
}
