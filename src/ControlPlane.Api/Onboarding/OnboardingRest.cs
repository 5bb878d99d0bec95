using ControlPlane.Api.Commands;
using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Onboarding;

/// <summary>REST: proposals for what a team has already, and hand-over of what is adopted.</summary>
public static class OnboardingRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapOnboarding(this RouteGroupBuilder api)
    {
        var onboarding = api.MapGroup("/onboarding").WithTags("Onboarding");
        onboarding.MapPost("/proposals", Propose)
            .WithSummary("Proposes the services that would adopt what manifests or a namespace ({\"namespace\": \"shop\"}) hold, and says what falls short. Writes nothing.")
            .TakesManifests();
        onboarding.MapGet("/hand-overs/{namespace}/{name}", Preview)
            .WithSummary("Says what handing the adopted workload over to the operator would do, object by object. Writes nothing.");
        onboarding.MapPost("/hand-overs/{namespace}/{name}", HandOver)
            .WithSummary("Hands the adopted workload over; If-Match with the preview's ETag refuses when it would no longer be the same. X-Reason says why.");
        return api;
    }

    private static async Task<Ok<OnboardingProposals>> Propose(HttpRequest request, OnboardingQuery onboarding, CancellationToken cancellationToken)
    {
        var body = await ManifestBody.ReadAsync(request, cancellationToken);
        return TypedResults.Ok(body.TryRead<NamespaceToOnboard>() is { Namespace.Length: > 0 } from
            ? await onboarding.ProposeAsync(from.Namespace, cancellationToken)
            : onboarding.Propose(body.Documents()));
    }

    private static async Task<Ok<HandOverPreview>> Preview(
        string @namespace, string name, HandOverQuery handOvers, HttpResponse response, CancellationToken cancellationToken)
    {
        var preview = await handOvers.PreviewAsync(new(@namespace, name), cancellationToken);
        if (preview.Declaration is { } declaration)
        {
            response.Headers.ETag = $"\"{declaration.Fingerprint}\"";
        }

        return TypedResults.Ok(preview);
    }

    private static async Task<Results<Ok<HandOverOutcome>, UnprocessableEntity<HandOverOutcome>>> HandOver(
        string @namespace, string name, [FromHeader(Name = "If-Match")] string? ifMatch, HttpRequest request, HandOverCommand command, CancellationToken cancellationToken)
    {
        var outcome = await command.HandOverAsync(new ObjectKey(@namespace, name), ifMatch?.Trim('"'), Reasons.Of(request), cancellationToken);
        return outcome.HandedOver ? TypedResults.Ok(outcome) : TypedResults.UnprocessableEntity(outcome);
    }

    private sealed record NamespaceToOnboard(string? Namespace);
}
