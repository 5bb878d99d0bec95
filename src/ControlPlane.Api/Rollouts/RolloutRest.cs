using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Live;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Rollouts;

/// <summary>REST: rollouts, and what people may do to them.</summary>
public static class RolloutRest
{
    private static readonly TimeSpan StreamPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapRollouts(this RouteGroupBuilder api)
    {
        var rollouts = api.MapGroup("/rollouts").WithTags("Rollouts");
        rollouts.MapGet("/", List).Requires(Permissions.ReadServices).WithSummary("Lists rollouts, filtered, sorted and paged; by default what needs a person first.");
        rollouts.MapGet("/stream", Stream).Requires(Permissions.ReadServices).WithSummary("Streams changes of rollouts as server-sent events.");
        rollouts.MapGet("/{namespace}/{name}", Get).Requires(Permissions.ReadServices)
            .WithSummary("Reads a rollout: steps, status, evidence, decisions, instances of both sides, cost of the canary, what is declared against what users have, and what can be done now.");
        Map(RolloutAction.Promote, "promote", "Takes the pause or check of now as done; of a pause without an end, this approves it. The body names the revision that is meant.");
        Map(RolloutAction.PromoteFully, "promote-fully", "Takes all steps as done. The body names the revision that is meant; X-Reason says why.");
        Map(RolloutAction.Abort, "abort", "Rolls back to the stable version at once, at any step. The body names the revision that is meant; X-Reason says why.");
        Map(RolloutAction.Retry, "retry", "Tries a revision once more that failed. The body names it; X-Reason says why.");
        Map(RolloutAction.OverrideHolds, "override-holds", "Lets this revision pass whatever holds it. The body names the revision that is meant; X-Reason says why.");
        Map(RolloutAction.Pause, "pause", "Pauses a rollout: nothing moves until it is resumed; what fails is rolled back all the same.");
        Map(RolloutAction.Resume, "resume", "Resumes a rollout that somebody paused.");
        return api;

        void Map(RolloutAction action, string path, string summary) => rollouts
            .MapPost($"/{{namespace}}/{{name}}/{path}", (string @namespace, string name, RevisionBody? body, HttpRequest request, RolloutCommands commands, CancellationToken cancellationToken) =>
                DoAsync(action, new(@namespace, name), body, request, commands, cancellationToken))
            .Requires(action.Permission()).WithSummary(summary);
    }

    private static Ok<Page<RolloutSummary>> List([AsParameters] RolloutListRequest request, RolloutQuery rollouts)
    {
        var page = request.Cut(request.ToFilter().Choose(rollouts.All()));
        return TypedResults.Ok(new Page<RolloutSummary>(page.Items, page.NextCursor, page.Total, rollouts.State.Phase.ToString()));
    }

    private static Results<Ok<RolloutDetails>, ProblemHttpResult> Get(string @namespace, string name, RolloutQuery rollouts) => rollouts.Find(new(@namespace, name)) is { } found
        ? TypedResults.Ok(found)
        : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no CanaryRollout {@namespace}/{name}");

    /// <summary>Written, and not yet done: the operator does it, and its status says when. (202 is what waits for an approval.)</summary>
    private static async Task<Ok<RolloutAsked>> DoAsync(
        RolloutAction action, ObjectKey key, RevisionBody? body, HttpRequest request, RolloutCommands commands, CancellationToken cancellationToken)
    {
        var stored = await commands.RunAsync(key, action, body?.Revision, Reasons.Of(request), cancellationToken);
        return TypedResults.Ok(
            new RolloutAsked(action, stored.Spec.Command is { } command && action.Command() is not null ? command.Id : null, stored.Spec.Paused));
    }

    private static ServerSentEventsResult<RolloutChanged> Stream(RolloutQuery rollouts, Authorizer authorizer, TimeProvider time, HttpResponse response, CancellationToken cancellationToken)
    {
        authorizer.DemandSomewhere(Permissions.ReadServices); // before the answer begins: later there is no status to say it with
        return TypedResults.ServerSentEvents(Changes(rollouts, authorizer, time, cancellationToken).OpenAtOnceAsync(response, cancellationToken));
    }

    /// <summary>Who may see a part of the fleet is told of that part; a rollout that leaves it is told as removed, one that never was in it not at all.</summary>
    private static async IAsyncEnumerable<SseItem<RolloutChanged>> Changes(
        RolloutQuery rollouts, Authorizer authorizer, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<ObjectKey>? seen = null;
        await foreach (var keys in rollouts.Changes.ReadAsync(StreamPause, time, cancellationToken))
        {
            var scope = authorizer.Scope(Permissions.ReadServices); // roles can change meanwhile
            seen ??= [.. rollouts.All().Select(static rollout => rollout.Key)];
            foreach (var key in keys)
            {
                var summary = rollouts.Find(key, scope);
                var wasSeen = summary is null ? seen.Remove(key) : !seen.Add(key);
                if (summary is not null || wasSeen)
                {
                    yield return new(new RolloutChanged(key.Namespace, key.Name, summary), summary is null ? "removed" : "changed");
                }
            }
        }
    }

    /// <summary>Which revision the caller means.</summary>
    /// <param name="Revision">The revision, as the status of the rollout tells it; it may be missing to pause and resume.</param>
    internal sealed record RevisionBody(string? Revision);
}

/// <summary>What the operator was asked for.</summary>
/// <param name="Action">What.</param>
/// <param name="Command">Id of the command, which is in <c>status.lastCommand</c> once it is done; null for what is a field of the declaration.</param>
/// <param name="Paused">Whether the rollout is paused now.</param>
public sealed record RolloutAsked(RolloutAction Action, string? Command, bool Paused);

/// <summary>A change of a rollout.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
/// <param name="Rollout">As it is now; null when it is gone.</param>
public sealed record RolloutChanged(string Namespace, string Name, RolloutSummary? Rollout);
