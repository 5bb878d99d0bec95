using System.Net;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>REST: what others send to the audit log.</summary>
public static class IngestionRest
{
    private const string Ndjson = "application/x-ndjson";

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapAuditIngestion(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").Requires(Permissions.AppendAudit).AddEndpointFilter(BackPressureAsync);
        audit.MapPost("/events", Take)
            .WithSummary("Takes events of fleet services, one JSON object a line; whole or not at all, unless ?partial=true.")
            .Accepts<string>(Ndjson)
            .WithMetadata(new RequestSizeLimitAttribute(EventIngestion.MostBytes + EventIngestion.MostLines));
        audit.MapPost("/kubernetes", TakeKubernetes)
            .WithSummary("Takes what a Kubernetes API server's audit webhook sends (audit.k8s.io/v1 EventList).")
            .Accepts<KubernetesEventList>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(KubernetesIngestion.MostBytes));
        return api;
    }

    private static async Task<Results<Ok<IngestionOutcome>, UnprocessableEntity<IngestionOutcome>>> Take(
        HttpRequest request, EventIngestion ingestion, bool partial = false, CancellationToken cancellationToken = default)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase))
        {
            var outcome = await ingestion.TakeAsync(request.BodyReader, partial, cancellationToken);
            return outcome.Rejected == 0 || partial ? TypedResults.Ok(outcome) : TypedResults.UnprocessableEntity(outcome);
        }

        throw new RequestException(HttpStatusCode.UnsupportedMediaType, "Content-Type", $"events come as {Ndjson}, one JSON object a line");
    }

    private static async Task<Ok<KubernetesIngestionOutcome>> TakeKubernetes(HttpRequest request, KubernetesIngestion ingestion, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ingestion.TakeAsync(request.Body, cancellationToken));

    /// <summary>A log that is full for the moment says when to come again (429); one that takes nothing is closed (503). Neither took anything.</summary>
    private static async ValueTask<object?> BackPressureAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (AuditUnavailableException e)
        {
            context.HttpContext.Response.Headers.RetryAfter =
                Math.Max(1, Math.Ceiling((e.RetryAfter ?? TimeSpan.FromSeconds(5)).TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await ProblemMapping.WriteAsync(context.HttpContext, new(
                e.IsBusy ? HttpStatusCode.TooManyRequests : HttpStatusCode.ServiceUnavailable,
                e.IsBusy ? "The audit log has too much to take: send again later" : "The audit log takes nothing now: send again later",
                e.Message,
                new Dictionary<string, object?>()));
            return Results.Empty;
        }
    }
}
