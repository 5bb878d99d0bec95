using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Audit.Holds;

/// <summary>Why something is asked for.</summary>
/// <param name="Reason">Why; there must be one.</param>
public sealed record ReasonBody(string? Reason);

/// <summary>REST: legal holds.</summary>
internal static class HoldRest
{
    public static RouteGroupBuilder MapHolds(this RouteGroupBuilder audit)
    {
        var holds = audit.MapGroup("/holds");
        holds.MapGet("/", List).Requires(Permissions.ReadRetention).WithSummary("Lists legal holds: state=standing, released or all (default); q, sort=placed or reference.");
        holds.MapGet("/{id}", Find).Requires(Permissions.ReadRetention).WithSummary("Reads a legal hold.");
        holds.MapPost("/", Place).Requires(Permissions.PlaceHold).WithSummary("Places a legal hold: what it keeps is neither pruned nor erased.");
        holds.MapPost("/{id}/release", Release).Requires(Permissions.ReleaseHold).WithSummary("Releases a legal hold; by default a second person must approve.");
        return audit;
    }

    private static Task<ListPage<HoldView>> List(
        HoldQuery holds, string? state, string? q, string? cursor, CancellationToken cancellationToken, string sort = "-placed", int limit = Paging.DefaultPage) =>
        holds.ListAsync(new HoldFilter(Standing(state), q, sort), cursor, limit, cancellationToken);

    private static async Task<Ok<HoldView>> Find(string id, HoldQuery holds, CancellationToken cancellationToken) => TypedResults.Ok(await holds.FindAsync(id, cancellationToken));

    private static async Task<Created<HoldView>> Place(HoldDraft draft, PlaceHold command, HttpRequest request, CancellationToken cancellationToken)
    {
        var hold = await command.PlaceAsync(draft with { Reason = draft.Reason ?? Reasons.Of(request) }, cancellationToken);
        return TypedResults.Created($"/api/v1/audit/holds/{hold.Id}", hold);
    }

    private static async Task<Ok<HoldView>> Release(string id, ReasonBody? body, ReleaseHold command, HttpRequest request, CancellationToken cancellationToken) =>
        TypedResults.Ok(await command.ReleaseAsync(id, body?.Reason ?? Reasons.Of(request), cancellationToken));

    private static bool? Standing(string? state) => state switch
    {
        null or "" or "all" => null,
        "standing" => true,
        "released" => false,
        _ => throw RequestException.BadParameter("state", "state must be standing, released or all"),
    };
}
