using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Audit.Actors;

/// <summary>REST: who is behind an id.</summary>
public static class ActorRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapActors(this RouteGroupBuilder api)
    {
        api.MapGet("/actors", List).WithTags("Audit").Requires(Permissions.NameActors).WithSummary($"Puts names to opaque ids of people and tokens (id=…, up to {ActorNames.Most} times); one without a name is unknown or erased.");
        return api;
    }

    private static async Task<Ok<WholeList<ActorName>>> List(ActorNames actors, string[]? id, CancellationToken cancellationToken) => (id ?? []) is { Length: <= ActorNames.Most } ids
        ? TypedResults.Ok(new WholeList<ActorName>(await actors.FindAsync(ids, cancellationToken)))
        : throw RequestException.BadParameter("id", $"at most {ActorNames.Most} ids at once");
}
