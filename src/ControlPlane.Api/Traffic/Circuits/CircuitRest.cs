using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Kubernetes.Resources.Traffic;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Traffic.Circuits;

/// <summary>REST: circuits, their states and history, and forcing them.</summary>
public static class CircuitRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapCircuits(this RouteGroupBuilder api)
    {
        var circuits = api.MapGroup("/circuits").WithTags("Circuits");
        circuits.MapGet("/", List).Requires(Permissions.ReadServices).WithSummary("Lists circuits with their states, filtered, sorted and paged.");
        circuits.MapGet("/{namespace}/{name}", Get).Requires(Permissions.ReadServices).WithSummary("Reads the circuit of a service, with its history at each gateway.");
        circuits.MapPost("/{namespace}/{name}/force", Force).Requires(Permissions.ForceCircuit)
            .WithSummary("Forces the circuit of a service open or closed until a time, at most 24 hours. X-Reason says why.");
        circuits.MapDelete("/{namespace}/{name}/force", Release).Requires(Permissions.ForceCircuit)
            .WithSummary("Leaves a circuit to itself again that was forced. X-Reason says why.");
        return api;
    }

    private static async Task<Ok<CircuitPage>> List([AsParameters] CircuitListRequest request, CircuitQuery circuits, CancellationToken cancellationToken)
    {
        var filter = request.ToFilter();
        var list = await circuits.ListAsync(cancellationToken);
        var page = request.Cut(filter.Choose(list.Circuits));
        return TypedResults.Ok(new CircuitPage(page.Items, page.NextCursor, page.Total, list.Gateways, list.Silent, list.Shortfalls));
    }

    private static async Task<Results<Ok<CircuitSummary>, ProblemHttpResult>> Get(string @namespace, string name, CircuitQuery circuits, CancellationToken cancellationToken) =>
        await circuits.FindAsync(new(@namespace, name), cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"No CircuitPolicy gives a ManagedService {@namespace}/{name} a circuit");

    private static async Task<Ok<CircuitForce>> Force(
        string @namespace, string name, ForceRequest force, HttpRequest request, ForceCircuitCommand command, CancellationToken cancellationToken) =>
        TypedResults.Ok(await command.ForceAsync(
            new(@namespace, name),
            EnumParameter.Parse<ForcedCircuitState>("state", force.State ?? ""),
            force.Until ?? throw RequestException.BadParameter("until", "until is missing: when does it end?"),
            Reasons.Of(request),
            cancellationToken));

    private static async Task<NoContent> Release(string @namespace, string name, HttpRequest request, ForceCircuitCommand command, CancellationToken cancellationToken)
    {
        await command.ReleaseAsync(new(@namespace, name), Reasons.Of(request), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>How to force a circuit.</summary>
    /// <param name="State">Open (nothing goes through) or Closed (everything does).</param>
    /// <param name="Until">When it ends by itself (UTC), at most 24 hours from now.</param>
    internal sealed record ForceRequest(string? State, DateTimeOffset? Until);
}

/// <summary>A page of circuits.</summary>
/// <param name="Items">The circuits.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="Gateways">Gateways that answered.</param>
/// <param name="Silent">Gateways that did not: what circuits do there is not known.</param>
/// <param name="Shortfalls">What gateways can't do now of what policies say.</param>
public sealed record CircuitPage(IReadOnlyList<CircuitSummary> Items, string? NextCursor, int Total, int Gateways, IReadOnlyList<SilentGateway> Silent, IReadOnlyList<GatewayShortfall> Shortfalls);
