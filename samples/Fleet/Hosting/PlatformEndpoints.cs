using Fleet.Hosting.Faults;
using Fleet.Hosting.Metrics;
using Fleet.Hosting.Readiness;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Hosting;

/// <summary>
/// What every instance tells the platform. None of it is traffic: it is neither logged nor measured nor part of the API's description.
/// </summary>
internal static class PlatformEndpoints
{
    private static readonly HealthReply Healthy = new("healthy");

    public static void MapPlatform(this IEndpointRouteBuilder routes)
    {
        var platform = routes.MapGroup("").DisableHttpMetrics().ExcludeFromDescription();
        platform.MapGet("/health", static () => TypedResults.Ok(Healthy));
        platform.MapGet("/ready", Ready);
        platform.MapGet("/version", Version);
        platform.MapGet("/metrics", static (MetricRegistry registry) => TypedResults.Text(registry.Scrape(), PrometheusText.ContentType));
        platform.MapFaults();
        platform.MapOpenApi();
    }

    private static IResult Ready(Reachability reachability, IHostApplicationLifetime lifetime)
    {
        var started = lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
        var reply = new ReadyReply(started, reachability.Unreached());
        return reply is { Started: true, Unreached: [] }
            ? TypedResults.Ok(reply)
            : TypedResults.Json(reply, HostingJson.Default.ReadyReply, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static Ok<VersionReply> Version(FleetService service, FleetInstance instance) =>
        TypedResults.Ok(new VersionReply(service.Name, instance.Version, instance.Name, instance.Node, instance.Zone));
}

/// <summary>The process is sound. Never asks anybody else, so that a restart is never the answer to somebody else's outage.</summary>
internal sealed record HealthReply(string Status);

/// <summary>Whether the instance should get traffic.</summary>
/// <param name="Started">False before the start has ended and once the stop has begun.</param>
/// <param name="Unreached">Required dependencies that have not answered of late.</param>
internal sealed record ReadyReply(bool Started, IReadOnlyList<string> Unreached);

/// <summary>What runs here.</summary>
internal sealed record VersionReply(string Service, string Version, string Instance, string Node, string Zone);
