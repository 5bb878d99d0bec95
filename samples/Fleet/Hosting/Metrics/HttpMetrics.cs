using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fleet.Hosting.Metrics;

/// <summary>Rate, errors and duration of the requests that an instance serves.</summary>
internal sealed class HttpMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _inFlight;

    public HttpMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Fleet.Http");
        _requests = meter.CreateCounter<long>("http_requests_total", description: "Requests served.");
        _duration = meter.CreateHistogram(
            "http_request_duration_seconds",
            description: "Time from the request's head to the end of its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencyBuckets.Seconds });
        _inFlight = meter.CreateUpDownCounter<long>("http_requests_in_flight", description: "Requests being served now.");
    }

    /// <summary>A request has come in.</summary>
    public void Started() => _inFlight.Add(1);

    /// <summary>A request has left.</summary>
    public void Ended() => _inFlight.Add(-1);

    /// <summary>Counts an answered request.</summary>
    public void Served(string method, string route, int status, TimeSpan elapsed)
    {
        var tags = new TagList { { "method", method }, { "route", route }, { "status", status } };
        _requests.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    /// <summary>The method as a label: callers can send any word, and each would be a series.</summary>
    public static string KnownMethod(string method) => method switch
    {
        "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" => method,
        _ => "_OTHER",
    };
}
