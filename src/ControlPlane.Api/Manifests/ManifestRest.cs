using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
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
            .TakesManifests()
            .Requires(Permissions.Plan);
        api.MapPost("/manifests", Apply)
            .WithTags("Manifests")
            .WithSummary("Applies manifests; if any of them would be refused, none is. If-Match with the plan's ETag refuses when it would do something else by now; X-Reason says why.")
            .TakesManifests()
            .Requires(Permissions.ApplyManifests);
        return api;
    }

    private static async Task<Ok<PlanResult>> Plan(HttpRequest request, HttpResponse response, PlanService plans, CancellationToken cancellationToken)
    {
        var plan = await plans.PlanAsync((await ManifestBody.ReadAsync(request, cancellationToken)).Documents(), cancellationToken);
        response.Headers.ETag = $"\"{ManifestChange.DigestOf(plan)}\"";
        return TypedResults.Ok(plan);
    }

    private static async Task<Results<Ok<ApplyOutcome>, UnprocessableEntity<ApplyOutcome>>> Apply(
        HttpRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, ManifestCommands commands, CancellationToken cancellationToken)
    {
        var outcome = await commands.ApplyAsync((await ManifestBody.ReadAsync(request, cancellationToken)).Documents(), Reasons.Of(request), ifMatch?.Trim('"') is { Length: > 0 } plan ? plan : null, cancellationToken);
        return outcome.Applied ? TypedResults.Ok(outcome) : TypedResults.UnprocessableEntity(outcome);
    }
}
