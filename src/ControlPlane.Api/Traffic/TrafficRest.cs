using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Traffic.Editing;
using ControlPlane.Api.Traffic.Generator;
using ControlPlane.Api.Traffic.Map;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Traffic;

/// <summary>REST: what traffic policies come to.</summary>
public static class TrafficRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapTraffic(this RouteGroupBuilder api)
    {
        api.MapGet("/services/{namespace}/{name}/policy", Effective).WithTags("Traffic").Requires(Permissions.ReadServices)
            .WithSummary("Reads the effective traffic policy of a service: each value, where it comes from, and what lost against it.");
        api.MapGet("/services/{namespace}/{name}/callers", Callers).WithTags("Traffic").Requires(Permissions.ReadServices)
            .WithSummary("Reads who may call a service, why, with which methods and paths, and what keeps the others out.");
        api.MapGet("/policies", List).WithTags("Traffic").Requires(Permissions.ReadServices)
            .WithSummary("Lists traffic policies of all kinds, filtered, sorted and paged.");
        api.MapGet("/policies/{kind}/{namespace}/{name}", Get).WithTags("Traffic").Requires(Permissions.ReadServices)
            .WithSummary("Reads a traffic policy; kind is trafficpolicies, ratelimitpolicies or circuitpolicies.");
        api.MapPut("/policies/{kind}/{namespace}/{name}", Put).WithTags("Traffic").Requires(Permissions.WritePolicies)
            .WithSummary("Writes a traffic policy whole: over the one that If-Match names by its ETag, or a new one without. X-Reason says why. POST /plans says first what it would do.");
        return api.MapGenerator().MapTrafficMap();
    }

    private static Ok<Page<PolicySummary>> List([AsParameters] PolicyListRequest request, PolicyQuery policies)
    {
        var page = PolicyQuery.Choose(policies.All(), request.ToFilter()).Page(request.Cursor, request.Limit ?? Paging.DefaultPage);
        return TypedResults.Ok(new Page<PolicySummary>(page.Items, page.NextCursor, page.Total, policies.State.Phase.ToString()));
    }

    private static async Task<Results<Ok<StoredPolicy>, ProblemHttpResult>> Get(
        string kind, string @namespace, string name, PolicyEditor editor, HttpResponse response, CancellationToken cancellationToken)
    {
        if (PolicyKinds.Find(kind) is not { } type || await editor.FindAsync(type, new(@namespace, name), cancellationToken) is not { } found)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no policy {kind} {@namespace}/{name}");
        }

        response.Headers.ETag = $"\"{found.Draft.Version}\"";
        return TypedResults.Ok(found);
    }

    private static async Task<Ok<StoredPolicy>> Put(
        string kind, string @namespace, string name, PolicyBody body, [FromHeader(Name = "If-Match")] string? ifMatch, PolicyEditor editor, HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        var draft = new PolicyDraft(PolicyKinds.Find(kind)?.Kind ?? kind, @namespace, name, ifMatch?.Trim('"'), body.Spec);
        var stored = await editor.SaveAsync(draft, digest: null, Reasons.Of(request), cancellationToken);
        response.Headers.ETag = $"\"{stored.Draft.Version}\"";
        return TypedResults.Ok(stored);
    }

    private static Results<Ok<CallerList>, ProblemHttpResult> Callers(string @namespace, string name, CallerQuery callers) =>
        callers.Find(new(@namespace, name)) is { } found ? TypedResults.Ok(found) : NotFound(@namespace, name);

    private static Results<Ok<EffectivePolicyView>, ProblemHttpResult> Effective(string @namespace, string name, EffectivePolicyQuery policies) =>
        policies.Find(new(@namespace, name)) is { } found
            ? TypedResults.Ok(found)
            : NotFound(@namespace, name);

    private static ProblemHttpResult NotFound(string @namespace, string name) =>
        TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no ManagedService {@namespace}/{name}");
}

/// <summary>A traffic policy to be written.</summary>
/// <param name="Spec">What it says.</param>
public sealed record PolicyBody(JsonObject Spec);
