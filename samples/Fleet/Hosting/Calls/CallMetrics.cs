using System.Diagnostics;
using System.Diagnostics.Metrics;
using Fleet.Hosting.Metrics;

namespace Fleet.Hosting.Calls;

/// <summary>Who is called, how it answers and how long that takes, as the caller sees it.</summary>
internal sealed class CallMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> _duration = meters.Create("Fleet.Calls").CreateHistogram(
        "dependency_call_duration_seconds",
        description: "Time until a called service answered; outcome is the status, timeout or unreachable.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencyBuckets.Seconds });

    public void Called(string dependency, string outcome, TimeSpan elapsed) =>
        _duration.Record(elapsed.TotalSeconds, new TagList { { "dependency", dependency }, { "outcome", outcome } });
}
