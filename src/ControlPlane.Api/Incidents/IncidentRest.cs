using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Incidents;

/// <summary>What became known.</summary>
/// <param name="Text">What; there must be a word.</param>
public sealed record NoteBody(string? Text);

/// <summary>An incident with its timeline.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Timeline">What is known of it, the first first.</param>
public sealed record IncidentDetails(IncidentSummary Incident, IReadOnlyList<IncidentNote> Timeline)
{
    internal static IncidentDetails Of(Incident incident) => new(IncidentSummary.Of(incident), [.. incident.Timeline.OrderBy(static note => note.At)]);
}

/// <summary>REST: incidents.</summary>
internal static class IncidentRest
{
    public static RouteGroupBuilder MapIncidents(this RouteGroupBuilder api)
    {
        var incidents = api.MapGroup("/incidents").WithTags("Incidents");
        incidents.MapGet("/", List).Requires(Permissions.ReadIncidents)
            .WithSummary("Lists incidents: state=open, resolved or all (default); severity, any number; service=namespace/name; q; sort=number, severity or resolved; the newest first by default.");
        incidents.MapGet("/{number:long}", Get).Requires(Permissions.ReadIncidents).WithSummary("Reads an incident with its timeline.");
        incidents.MapPost("/", Declare).Requires(Permissions.DeclareIncident).WithSummary("Declares an incident. While one of P0 or P1 is open, it holds rollouts of its services, and of those that depend on them.");
        incidents.MapPost("/{number:long}/notes", Note).Requires(Permissions.NoteIncident).WithSummary("Tells an open incident more.");
        incidents.MapPost("/{number:long}/resolve", Resolve).Requires(Permissions.ResolveIncident).WithSummary("Resolves an incident; the text says what mended it.");
        return api;
    }

    private static Task<ListPage<IncidentSummary>> List(
        IncidentQuery incidents, string? state, IncidentSeverity[]? severity, string? service, string? q, string? cursor, CancellationToken cancellationToken, string sort = "-number", int limit = Paging.DefaultPage) =>
        incidents.ListAsync(new(IsOpen(state), severity, service, q, sort), cursor, limit, cancellationToken);

    private static async Task<Results<Ok<IncidentDetails>, ProblemHttpResult>> Get(long number, IncidentQuery incidents, CancellationToken cancellationToken) =>
        await incidents.FindAsync(number, cancellationToken) is { } found
            ? TypedResults.Ok(IncidentDetails.Of(found))
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no incident INC-{number}");

    private static async Task<Created<IncidentDetails>> Declare(IncidentDraft draft, IncidentCommands commands, CancellationToken cancellationToken)
    {
        var incident = await commands.DeclareAsync(draft, cancellationToken);
        return TypedResults.Created($"/api/v1/incidents/{incident.Number}", IncidentDetails.Of(incident));
    }

    private static async Task<Ok<IncidentDetails>> Note(long number, NoteBody body, IncidentCommands commands, CancellationToken cancellationToken) =>
        TypedResults.Ok(IncidentDetails.Of(await commands.NoteAsync(number, body.Text, cancellationToken)));

    private static async Task<Ok<IncidentDetails>> Resolve(long number, NoteBody body, IncidentCommands commands, CancellationToken cancellationToken) =>
        TypedResults.Ok(IncidentDetails.Of(await commands.ResolveAsync(number, body.Text, cancellationToken)));

    private static bool? IsOpen(string? state) => state switch
    {
        null or "" or "all" => null,
        "open" => true,
        "resolved" => false,
        _ => throw RequestException.BadParameter("state", "state must be open, resolved or all"),
    };
}
