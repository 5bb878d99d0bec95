using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Traffic.Generator;

/// <summary>REST: the made-up traffic of the example fleet.</summary>
internal static class GeneratorRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapGenerator(this RouteGroupBuilder api)
    {
        var generator = api.MapGroup("/traffic/generator").WithTags("Traffic");
        generator.MapGet("", Read).Requires(Permissions.ReadServices)
            .WithSummary("Reads what the generator of made-up traffic does; 404 where there is none, as the embedded cluster alone has one.");
        generator.MapPut("", Set).Requires(Permissions.GenerateTraffic)
            .WithSummary("Turns made-up traffic on or off and sets its rate; If-Match with the ETag refuses when somebody else did meanwhile. X-Reason says why.");
        return api;
    }

    private static Results<Ok<GeneratorStatus>, ProblemHttpResult> Read(GeneratorControl control, HttpResponse response) => control.Status is { } status
        ? WithTag(status, response)
        : TypedResults.Problem(GeneratorControl.Absence, statusCode: StatusCodes.Status404NotFound, title: "There is no generator of traffic here");

    private static async Task<Ok<GeneratorStatus>> Set(
        GeneratorSettings settings, [FromHeader(Name = "If-Match")] string? ifMatch, HttpRequest request, HttpResponse response, GeneratorControl control, CancellationToken cancellationToken) =>
        WithTag(await control.SetAsync(settings, ifMatch is null or "*" ? null : ifMatch.Trim('"'), Reasons.Of(request), cancellationToken), response);

    private static Ok<GeneratorStatus> WithTag(GeneratorStatus status, HttpResponse response)
    {
        response.Headers.ETag = $"\"{status.Settings.Tag}\"";
        return TypedResults.Ok(status);
    }
}
