using Fleet.Hosting.Metrics;
using Microsoft.AspNetCore.Http.Metadata;

namespace Fleet.Hosting;

/// <summary>
/// Gives every request an id, measures it and writes its log line. Platform endpoints are left out: probes would drown the traffic.
/// </summary>
internal sealed partial class RequestTelemetry(
    RequestDelegate next, CurrentRequest current, HttpMetrics metrics, TimeProvider time, ILogger<RequestTelemetry> logger)
{
    public const string RequestIdHeader = "X-Request-Id";

    // What nginx logs when a client went away before its answer.
    private const int ClientClosedRequest = 499;
    private const int MaxRequestIdLength = 64;

    public async Task InvokeAsync(HttpContext context)
    {
        var id = RequestId(context);
        context.TraceIdentifier = id;
        current.Id = id;
        context.Response.Headers[RequestIdHeader] = id;

        var started = time.GetTimestamp();
        metrics.Started();
        try
        {
            await next(context);
        }
        finally
        {
            metrics.Ended();
            Record(context, time.GetElapsedTime(started));
        }
    }

    private void Record(HttpContext context, TimeSpan elapsed)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is not null)
        {
            return;
        }

        var aborted = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted;
        var status = aborted ? ClientClosedRequest : context.Response.StatusCode;
        var method = HttpMetrics.KnownMethod(context.Request.Method);
        // The template, never the path: a path holds ids, and as a label it would be unbounded.
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "unmatched";
        metrics.Served(method, route, status, elapsed);
        var durationMs = Math.Round(elapsed.TotalMilliseconds, 3);
        LogRequest(logger, method, route, status, durationMs);
    }

    /// <summary>The caller's id if it is harmless in a log and a header, else a new one.</summary>
    private static string RequestId(HttpContext context)
    {
        var given = context.Request.Headers[RequestIdHeader].ToString();
        return given.Length is > 0 and <= MaxRequestIdLength && given.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? given
            : Guid.NewGuid().ToString("N");
    }

    [LoggerMessage(EventName = "request", Level = LogLevel.Information, Message = "{Method} {Route} was answered with {Status}")]
    private static partial void LogRequest(ILogger logger, string method, string route, int status, double durationMs);
}
