using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Audit.Erasures;
using ControlPlane.Api.Audit.Holds;
using ControlPlane.Api.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Audit.Retention;

/// <summary>Asks to prune.</summary>
/// <param name="End">Entry after the last that is to go, as a preview told it; null for whatever may go now.</param>
/// <param name="Reason">Why; there must be one.</param>
public sealed record PruneRequest(long? End, string? Reason);

/// <summary>REST: how long the log is kept, legal holds, pruning and erasure.</summary>
public static class RetentionRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapRetention(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Retention");
        audit.MapGet("/retention", async (RetentionQuery retention, CancellationToken cancel) => TypedResults.Ok(await retention.ReadAsync(cancel)))
            .Requires(Permissions.ReadRetention).WithSummary("Says how long entries are kept by which rule, what there is of each class, and what may be pruned next.");
        audit.MapPost("/prunes/preview", async (PruneCommand prunes, CancellationToken cancel) => TypedResults.Ok(await prunes.PreviewAsync(cancel)))
            .Requires(Permissions.ReadRetention).WithSummary("Says what a prune would remove now, and what stands in the way of more.");
        audit.MapPost("/prunes", Prune).Requires(Permissions.RunPrune).WithSummary("Removes entries whose time is over; takes a reason. Nobody can undo it.");
        audit.MapHolds().MapErasures();
        return api;
    }

    private static async Task<Ok<PruneOutcome>> Prune(PruneRequest body, PruneCommand prunes, HttpRequest request, CancellationToken cancellationToken) =>
        TypedResults.Ok(await prunes.RunAsync(body.End, body.Reason ?? Reasons.Of(request), cancellationToken));
}
