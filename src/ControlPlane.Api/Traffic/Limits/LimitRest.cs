using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Traffic.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Traffic.Limits;

/// <summary>REST: limits, and how far they are used.</summary>
public static class LimitRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapLimits(this RouteGroupBuilder api)
    {
        api.MapGet("/limits", List).WithTags("Limits").Requires(Permissions.ReadServices)
            .WithSummary("Lists limits with their use and the callers that are nearest to them, masked; filtered, sorted and paged.");
        return api;
    }

    private static async Task<Ok<LimitPage>> List([AsParameters] LimitListRequest request, LimitQuery limits, CancellationToken cancellationToken)
    {
        var filter = request.ToFilter();
        var list = await limits.ListAsync(cancellationToken);
        var page = request.Cut(filter.Choose(list.Limits));
        return TypedResults.Ok(new LimitPage(page.Items, page.NextCursor, page.Total, list.Gateways, list.Silent, list.Shortfalls));
    }
}

/// <summary>A page of limits.</summary>
/// <param name="Items">The limits.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="Gateways">Gateways that answered.</param>
/// <param name="Silent">Gateways that did not: how far limits are used there is not known.</param>
/// <param name="Shortfalls">What gateways can't do now of what policies say.</param>
public sealed record LimitPage(IReadOnlyList<LimitSummary> Items, string? NextCursor, int Total, int Gateways, IReadOnlyList<SilentGateway> Silent, IReadOnlyList<GatewayShortfall> Shortfalls);
