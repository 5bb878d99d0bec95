using System.ComponentModel;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Lists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Traffic.Map;

/// <summary>REST: who calls whom, and how it goes.</summary>
internal static class TrafficMapRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapTrafficMap(this RouteGroupBuilder api)
    {
        var traffic = api.MapGroup("/traffic").WithTags("Traffic").Requires(Permissions.ReadServices);
        traffic.MapGet("/map", Map).WithSummary("Reads who calls whom: rate, errors, latency and circuits, put together so that it can be read at any size.");
        traffic.MapGet("/flows", Flows).WithSummary("Lists the requests of the last minutes by calling service, service, version and route, the most first.");
        return api;
    }

    private static async Task<Ok<TrafficMap>> Map([AsParameters] TrafficMapRequest request, TrafficMapQuery traffic, CancellationToken cancellationToken) =>
        TypedResults.Ok(await traffic.MapAsync(request, cancellationToken));

    private static async Task<Ok<ListPage<TrafficFlowView>>> Flows(
        [AsParameters] TrafficMapRequest request,
        [Description("The service that is called, as namespace/name.")] string? service,
        [Description("The service that calls, as namespace/name.")] string? source,
        int? limit,
        string? cursor,
        TrafficMapQuery traffic,
        CancellationToken cancellationToken) =>
        TypedResults.Ok((await traffic.FlowsAsync(request, service, source, cancellationToken)).Page(cursor, limit ?? Paging.DefaultPage));
}
