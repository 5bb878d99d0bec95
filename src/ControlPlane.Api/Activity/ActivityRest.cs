using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Activity;

/// <summary>REST: what operators and cluster have been doing lately.</summary>
public static class ActivityRest
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;
    private static readonly TimeSpan StreamPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapActivity(this RouteGroupBuilder api)
    {
        var activity = api.MapGroup("/activity").WithTags("Activity").Requires(Permissions.ReadActivity);
        activity.MapGet("/", List).WithSummary("Lists reconciles, changes and events, newest first.");
        activity.MapGet("/stream", Stream).WithSummary("Streams them as they happen, as server-sent events.");
        return api;
    }

    private static Ok<ActivityListing> List([AsParameters] ActivityRequest request, ActivityLog log, long? cursor, int limit = DefaultPage)
    {
        if (limit is < 1 or > LargestPage)
        {
            throw RequestException.BadParameter("limit", $"limit must be from 1 to {LargestPage}");
        }

        var entries = log.List(request.ToFilter(), cursor, limit + 1); // one more tells whether there is a next page
        return TypedResults.Ok(entries.Count > limit ? new ActivityListing([.. entries.Take(limit)], entries[limit - 1].Sequence) : new ActivityListing(entries, NextCursor: null));
    }

    private static ServerSentEventsResult<ActivityEntry> Stream(
        [AsParameters] ActivityRequest request, ActivityLog log, Authorizer authorizer, TimeProvider time, CancellationToken cancellationToken)
    {
        authorizer.DemandSomewhere(Permissions.ReadActivity); // before the answer begins: later there is no status to say it with
        return TypedResults.ServerSentEvents(Entries(request.ToFilter(), log, time, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<ActivityEntry>> Entries(
        ActivityFilter filter, ActivityLog log, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = log.LastSequence;
        await foreach (var _ in log.Changes.ReadAsync(StreamPause, time, cancellationToken))
        {
            foreach (var entry in log.List(filter, before: null, LargestPage).TakeWhile(entry => entry.Sequence > seen).Reverse())
            {
                seen = entry.Sequence;
                yield return new(entry, "activity") { EventId = entry.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            }
        }
    }
}

/// <summary>Query parameters of the activity list.</summary>
public sealed record ActivityRequest
{
    /// <summary>Kinds: reconcile, change, event.</summary>
    [FromQuery(Name = "kind")]
    public string[]? Kinds { get; init; }

    /// <summary>Namespace.</summary>
    [FromQuery(Name = "namespace")]
    public string? Namespace { get; init; }

    /// <summary>Service.</summary>
    [FromQuery(Name = "service")]
    public string? Service { get; init; }

    /// <summary>Only what deserves attention.</summary>
    [FromQuery(Name = "warnings")]
    public bool? WarningsOnly { get; init; }

    /// <summary>Text that object, reason or message contain.</summary>
    [FromQuery(Name = "q")]
    public string? Text { get; init; }

    /// <summary>The request as a filter.</summary>
    /// <exception cref="RequestException">A parameter has a value that is none of those it may have.</exception>
    public ActivityFilter ToFilter() => new()
    {
        Kinds = [.. (Kinds ?? []).Select(kind => EnumParameter.Parse<ActivityKind>("kind", kind))],
        Namespace = Namespace,
        Service = Service,
        WarningsOnly = WarningsOnly ?? false,
        Text = Text,
    };
}

/// <summary>A page of what happened.</summary>
/// <param name="Items">The entries, newest first.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record ActivityListing(IReadOnlyList<ActivityEntry> Items, long? NextCursor);
