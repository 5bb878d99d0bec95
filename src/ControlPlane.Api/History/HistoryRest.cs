using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.History;

/// <summary>REST: what was declared at a past instant, and what changed between two.</summary>
public static class HistoryRest
{
    private const int DefaultPage = 50;
    private const int LargestPage = 200;
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromDays(1);

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapHistory(this RouteGroupBuilder api)
    {
        var history = api.MapGroup("/history").WithTags("History").Requires(Permissions.ReadHistory);
        history.MapGet("/services/{namespace}/{name}", At).WithSummary("Reads a service as it was declared at an instant (at; default now).");
        history.MapGet("/services/{namespace}/{name}/diff", Between).WithSummary("Compares a service's declaration at two instants (from, to).");
        history.MapGet("/changes", Changes).WithSummary("Lists changes of declarations in a period, newest first.");
        history.MapGet("/fleet", Fleet).WithSummary("Lists the services that there were at an instant.");
        history.MapGet("/pulse", Pulse).WithSummary("Counts services and changes over a period.");
        return api;
    }

    private static async Task<Results<Ok<ServiceAtInstant>, ProblemHttpResult>> At(
        string @namespace, string name, HistoryQuery history, TimeProvider time, string? at = null, CancellationToken cancellationToken = default)
    {
        var instant = Instant.Read("at", at) ?? time.GetUtcNow();
        return await history.AtAsync(new(@namespace, name), instant, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"Nothing was on record of {@namespace}/{name} at {Instant.Write(instant)}");
    }

    private static async Task<Ok<ServiceBetweenInstants>> Between(
        string @namespace, string name, HistoryQuery history, TimeProvider time, string? from = null, string? to = null, CancellationToken cancellationToken = default)
    {
        var period = Period(from, to, @namespace, name, time);
        return TypedResults.Ok(await history.BetweenAsync(new(@namespace, name), period.From, period.To, cancellationToken));
    }

    private static async Task<Ok<HistoryListing>> Changes(
        HistoryQuery history,
        TimeProvider time,
        string? from = null,
        string? to = null,
        string? @namespace = null,
        string? service = null,
        long? cursor = null,
        int limit = DefaultPage,
        CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > LargestPage)
        {
            throw RequestException.BadParameter("limit", $"limit must be from 1 to {LargestPage}");
        }

        var page = await history.ChangesAsync(Period(from, to, @namespace, service, time), cursor, limit, cancellationToken);
        return TypedResults.Ok(new HistoryListing(page.Items, page.Next, page.Total));
    }

    private static async Task<Ok<HistoryFleetListing>> Fleet(HistoryQuery history, TimeProvider time, string? at = null, CancellationToken cancellationToken = default)
    {
        var instant = Instant.Read("at", at) ?? time.GetUtcNow();
        var services = await history.FleetAsync(instant, cancellationToken);
        return TypedResults.Ok(new HistoryFleetListing(instant, [.. services.Select(service => new HistoryFleetItem(service.Key.Namespace, service.Key.Name, service.Generation))]));
    }

    private static async Task<Ok<HistoryPulse>> Pulse(
        HistoryQuery history, TimeProvider time, string? from = null, string? to = null, string? @namespace = null, string? service = null, CancellationToken cancellationToken = default) =>
        TypedResults.Ok(await history.PulseAsync(Period(from, to, @namespace, service, time), cancellationToken));

    private static HistoryPeriod Period(string? from, string? to, string? ns, string? service, TimeProvider time)
    {
        var end = Instant.Read("to", to) ?? time.GetUtcNow();
        var begin = Instant.Read("from", from) ?? end - DefaultPeriod;
        return begin < end
            ? new(begin, end, string.IsNullOrEmpty(ns) ? null : ns, string.IsNullOrEmpty(service) ? null : service)
            : throw RequestException.BadParameter("to", "the period ends before it begins");
    }
}

/// <summary>A page of changes.</summary>
/// <param name="Items">The changes, newest first.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="Total">How many there are in all, counted up to 10,000.</param>
public sealed record HistoryListing(IReadOnlyList<HistoryChange> Items, long? NextCursor, int Total);

/// <summary>The services that there were.</summary>
/// <param name="At">The instant (UTC).</param>
/// <param name="Services">The services, in order.</param>
public sealed record HistoryFleetListing(DateTimeOffset At, IReadOnlyList<HistoryFleetItem> Services);

/// <summary>A service that there was.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
/// <param name="Generation">Generation of its desired state.</param>
public sealed record HistoryFleetItem(string Namespace, string Name, long Generation);
