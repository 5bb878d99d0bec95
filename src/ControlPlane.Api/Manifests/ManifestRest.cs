using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Manifests;

/// <summary>REST: preview and application of manifests.</summary>
public static class ManifestRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapManifests(this RouteGroupBuilder api)
    {
        api.MapPost("/plans", Plan)
            .WithTags("Manifests")
            .WithSummary("Says what applying manifests would do, object by object, without writing anything.")
            .TakesManifests();
        api.MapPost("/manifests", Apply)
            .WithTags("Manifests")
            .WithSummary("Applies manifests; if any of them would be refused, none is. X-Reason says why.")
            .TakesManifests();
        return api;
    }

    private static async Task<Ok<PlanResult>> Plan(HttpRequest request, PlanService plans, CancellationToken cancellationToken) =>
        TypedResults.Ok(await plans.PlanAsync((await ManifestBody.ReadAsync(request, cancellationToken)).Documents(), cancellationToken));

    private static async Task<Results<Ok<ApplyOutcome>, UnprocessableEntity<ApplyOutcome>>> Apply(
        HttpRequest request, ManifestCommands commands, CancellationToken cancellationToken)
    {
        var outcome = await commands.ApplyAsync((await ManifestBody.ReadAsync(request, cancellationToken)).Documents(), Reasons.Of(request), cancellationToken);
        return outcome.Applied ? TypedResults.Ok(outcome) : TypedResults.UnprocessableEntity(outcome);
    }
}
