using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Operators.Discovery;

namespace ControlPlane.Api.Fleet;

/// <summary>REST: services, their instances, objects, events and dependency graph.</summary>
public static class FleetRest
{
    private const int DefaultPage = 50;
    private const int LargestPage = 500;
    private static readonly TimeSpan StreamPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapFleet(this RouteGroupBuilder api)
    {
        var services = api.MapGroup("/services").WithTags("Services").Requires(Permissions.ReadServices);
        services.MapGet("/", List).WithSummary("Lists services, filtered, sorted and paged.");
        services.MapGet("/counts", (FleetQuery fleet) => TypedResults.Ok(fleet.Count())).WithSummary("Counts services by health, tier, team and namespace.");
        services.MapGet("/stream", Stream).WithSummary("Streams changes of services as server-sent events.");
        services.MapGet("/{namespace}/{name}", Get).WithSummary("Reads a service with its status and neighbours.");
        services.MapGet("/{namespace}/{name}/manifest", Manifest).WithSummary("Reads the declaration as YAML.");
        services.MapGet("/{namespace}/{name}/instances", Instances).WithSummary("Lists the instances that callers may be sent to.");
        services.MapGet("/{namespace}/{name}/objects", Objects).WithSummary("Lists the owned objects, desired against live.");
        services.MapGet("/{namespace}/{name}/events", Events).WithSummary("Lists events about the service and what belongs to it, newest first.");
        services.MapGet("/{namespace}/{name}/graph", Graph).WithSummary("Reads the dependency graph around the service.");
        return api;
    }

    private static Ok<Page<ServiceSummary>> List([AsParameters] FleetListRequest request, FleetQuery fleet)
    {
        if (request.Limit is < 1 or > LargestPage)
        {
            throw RequestException.BadParameter("limit", $"limit must be from 1 to {LargestPage}");
        }

        var filter = request.ToFilter();
        var after = request.Cursor is null ? null : Cursor.Read(request.Cursor);
        var page = fleet.ListAfter(filter, after, request.Limit ?? DefaultPage);
        var isLast = page.Items.Count < (request.Limit ?? DefaultPage);
        return TypedResults.Ok(new Page<ServiceSummary>(page.Items, isLast ? null : Cursor.Write(page.Items[^1]), page.Total, page.State.Phase.ToString()));
    }

    private static Results<Ok<ServiceDetails>, ProblemHttpResult> Get(string @namespace, string name, ServiceQuery services, HttpResponse response)
    {
        if (services.Find(new(@namespace, name)) is not { } found)
        {
            return NotFound(@namespace, name);
        }

        response.Headers.ETag = $"\"{found.ResourceVersion}\"";
        return TypedResults.Ok(found);
    }

    private static async Task<ContentHttpResult> Manifest(string @namespace, string name, ServiceQuery services, CancellationToken cancellationToken) =>
        TypedResults.Content(await services.ManifestAsync(new(@namespace, name), cancellationToken), "application/yaml; charset=utf-8");

    private static Results<Ok<InstanceList>, ProblemHttpResult> Instances(
        string @namespace, string name, InstanceQuery instances, TimeProvider time, bool all = false) =>
        instances.Discover(new(@namespace, name)) is { } found
            ? TypedResults.Ok(new InstanceList([.. found.Where(instance => all || instance.IsHandedOut)], found.Count, instances.PreservingSince, time.GetUtcNow()))
            : NotFound(@namespace, name);

    private static Results<Ok<WholeList<ServiceObject>>, ProblemHttpResult> Objects(string @namespace, string name, ServiceQuery services) =>
        services.Objects(new(@namespace, name)) is { } found ? TypedResults.Ok(new WholeList<ServiceObject>(found)) : NotFound(@namespace, name);

    private static Ok<WholeList<ServiceEvent>> Events(string @namespace, string name, ServiceQuery services) =>
        TypedResults.Ok(new WholeList<ServiceEvent>(services.Events(new(@namespace, name))));

    private static Results<Ok<DependencyGraph>, ProblemHttpResult> Graph(string @namespace, string name, GraphQuery graph, int steps = 2)
    {
        if (steps is < 1 or > 10)
        {
            throw RequestException.BadParameter("steps", "steps must be from 1 to 10");
        }

        return graph.Around(new(@namespace, name), steps) is { } found ? TypedResults.Ok(found) : NotFound(@namespace, name);
    }

    private static ServerSentEventsResult<ServiceChange> Stream(FleetQuery fleet, Authorizer authorizer, TimeProvider time, CancellationToken cancellationToken)
    {
        authorizer.DemandSomewhere(Permissions.ReadServices); // before the answer begins: later there is no status to say it with
        return TypedResults.ServerSentEvents(Changes(fleet, authorizer, time, cancellationToken));
    }

    /// <summary>
    /// Who may see a part of the fleet is told of that part. A service that leaves it, because it is gone or another team's now, is told as
    /// removed; one that was never in it is not told of at all.
    /// </summary>
    private static async IAsyncEnumerable<SseItem<ServiceChange>> Changes(
        FleetQuery fleet, Authorizer authorizer, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<ObjectKey>? seen = null;
        await foreach (var keys in fleet.Changes.ReadAsync(StreamPause, time, cancellationToken))
        {
            var scope = authorizer.Scope(Permissions.ReadServices); // roles can change meanwhile
            seen ??= scope.IsEverywhere ? null : [.. fleet.List(new FleetFilter()).Select(service => service.Key)];
            foreach (var key in keys)
            {
                var summary = fleet.Find(key, scope);
                var wasSeen = seen is null || (summary is null ? seen.Remove(key) : !seen.Add(key));
                if (summary is not null || wasSeen)
                {
                    yield return new(new ServiceChange(key.Namespace, key.Name, summary), summary is null ? "removed" : "changed");
                }
            }
        }
    }

    private static ProblemHttpResult NotFound(string @namespace, string name) =>
        TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no ManagedService {@namespace}/{name}");
}

/// <summary>A page of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="State">How far the list can be trusted: Starting, Live, Disconnected or NotServed.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, int Total, string State);

/// <summary>Instances of a service.</summary>
/// <param name="Instances">The instances that callers may be sent to (or all, when asked for).</param>
/// <param name="Known">How many are known in all, whatever their state.</param>
/// <param name="PreservingSince">Since when last known instances are handed out because most of the fleet vanished (UTC); null when not.</param>
/// <param name="AsOf">When this was read (UTC).</param>
public sealed record InstanceList(IReadOnlyList<Instance> Instances, int Known, DateTimeOffset? PreservingSince, DateTimeOffset AsOf);

/// <summary>A change of a service.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
/// <param name="Service">As it is now; null when it is gone.</param>
public sealed record ServiceChange(string Namespace, string Name, ServiceSummary? Service);
