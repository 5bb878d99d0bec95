using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Traffic.Generator;
using ControlPlane.Api.Traffic.Map;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
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
        return api.MapGenerator().MapTrafficMap();
    }

    private static Results<Ok<EffectivePolicyView>, ProblemHttpResult> Effective(string @namespace, string name, EffectivePolicyQuery policies) =>
        policies.Find(new(@namespace, name)) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no ManagedService {@namespace}/{name}");
}
