using System.Globalization;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Access;

/// <summary>REST: people, tokens, sessions, blocks, and oneself.</summary>
public static class AccessRest
{
    private const int DefaultPage = 50;
    private const string ReasonHeader = "X-Reason";

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapAccess(this RouteGroupBuilder api)
    {
        api.MapGet("/me", Me).WithTags("Access").WithSummary("Says who you are and what you may.").ForSignedIn();
        MapUsers(api.MapGroup("/users").WithTags("Access"));
        MapTokens(api.MapGroup("/tokens").WithTags("Access"));
        MapSessions(api.MapGroup("/sessions").WithTags("Access"));
        MapBlocks(api.MapGroup("/blocks").WithTags("Access"));
        return api;
    }

    private static void MapUsers(RouteGroupBuilder users)
    {
        users.MapGet("/", (UserDirectory directory, string? q, string? role, string? cursor, CancellationToken cancel, string sort = "name", int limit = DefaultPage) =>
                directory.ListAsync(new UserFilter(q, role, sort), cursor, limit, cancel))
            .WithSummary("Lists people.").Requires(Permissions.ReadAccess);
        users.MapGet("/{id}", GetUser).WithSummary("Reads a person; yourself at least.").Requires(Permissions.OwnAccess);
        users.MapPost("/", Invite).WithSummary("Makes an account; the answer holds a one-time link by which its owner chooses a password.").Requires(Permissions.ManageAccess);
        users.MapPut("/{id}", Change).WithSummary("Changes a person; If-Match with the ETag refuses when somebody else did meanwhile.").Requires(Permissions.ManageAccess);
        users.MapDelete("/{id}", Remove).WithSummary("Removes a person with sessions and tokens.").Requires(Permissions.ManageAccess);
        users.MapPost("/{id}/links", async (string id, UserDirectory directory, [FromHeader(Name = ReasonHeader)] string? reason, CancellationToken cancel) =>
                TypedResults.Ok(new { link = await directory.LinkAsync(id, reason, cancel) }))
            .WithSummary("Makes a one-time link by which the person chooses a new password.").Requires(Permissions.ManageAccess);
        users.MapPost("/{id}/unlock", async (string id, UserDirectory directory, [FromHeader(Name = ReasonHeader)] string? reason, CancellationToken cancel) =>
            {
                await directory.UnlockAsync(id, reason, cancel);
                return TypedResults.NoContent();
            })
            .WithSummary("Lets the person try again at once whose sign-ins failed too often.").Requires(Permissions.ManageAccess);
    }

    private static void MapTokens(RouteGroupBuilder tokens)
    {
        tokens.MapGet("/", (TokenDesk desk, string? owner, string? q, string? cursor, CancellationToken cancel, int limit = DefaultPage) => desk.ListAsync(owner, q, cursor, limit, cancel))
            .WithSummary("Lists API tokens: your own, or all where you may see them.").Requires(Permissions.OwnAccess);
        tokens.MapPost("/", async (TokenDraft draft, TokenDesk desk, [FromHeader(Name = ReasonHeader)] string? reason, CancellationToken cancel) =>
            {
                var made = await desk.MakeAsync(draft, reason, cancel);
                return TypedResults.Created($"/api/v1/tokens/{made.View.Id}", made);
            })
            .WithSummary("Makes an API token; the answer is the only place where it is shown.").Requires(Permissions.OwnAccess);
        tokens.MapDelete("/{id}", async (string id, TokenDesk desk, [FromHeader(Name = ReasonHeader)] string? reason, CancellationToken cancel) =>
            {
                await desk.RevokeAsync(id, reason, cancel);
                return TypedResults.NoContent();
            })
            .WithSummary("Ends an API token.").Requires(Permissions.OwnAccess);
    }

    private static void MapSessions(RouteGroupBuilder sessions)
    {
        sessions.MapGet("/", (SessionDesk desk, string? user, string? cursor, CancellationToken cancel, int limit = DefaultPage) => desk.ListAsync(user, cursor, limit, cancel))
            .WithSummary("Lists sessions: your own, or all where you may see them.").Requires(Permissions.OwnAccess);
        sessions.MapDelete("/{id}", async (string id, SessionDesk desk, [FromHeader(Name = ReasonHeader)] string? reason, CancellationToken cancel) =>
            {
                await desk.EndAsync(id, reason, cancel);
                return TypedResults.NoContent();
            })
            .WithSummary("Ends a session, at once and in open pages too.").Requires(Permissions.OwnAccess);
    }

    private static void MapBlocks(RouteGroupBuilder blocks)
    {
        blocks.MapGet("/", (BlockDesk desk) => TypedResults.Ok(new WholeList<Suspect>(desk.List()))).WithSummary("Lists who is suspected or blocked, worst first.").Requires(Permissions.ReadAccess);
        blocks.MapDelete("/{id}", async (string id, BlockDesk desk, [FromHeader(Name = ReasonHeader)] string? reason, CancellationToken cancel) =>
            {
                await desk.LiftAsync(id, reason, cancel);
                return TypedResults.NoContent();
            })
            .WithSummary("Lifts a block.").Requires(Permissions.ManageAccess);
    }

    private static Ok<Myself> Me(Authorizer authorizer) => TypedResults.Ok(new Myself(
        authorizer.Caller.Id,
        authorizer.Caller.Kind,
        authorizer.Caller.DisplayName,
        [.. authorizer.Caller.Grants.Select(grant => grant.ToString())],
        [.. Permissions.All.Where(authorizer.MaySomewhere).Select(permission => permission.Name)]));

    private static async Task<Ok<UserView>> GetUser(string id, UserDirectory directory, HttpResponse response, CancellationToken cancellationToken) =>
        WithTag(await directory.GetAsync(id, cancellationToken), response);

    private static async Task<Created<Invited>> Invite(
        UserDraft draft, UserDirectory directory, [FromHeader(Name = ReasonHeader)] string? reason, CancellationToken cancellationToken)
    {
        var invited = await directory.InviteAsync(draft, reason, cancellationToken);
        return TypedResults.Created($"/api/v1/users/{invited.User.Id}", invited);
    }

    private static async Task<Ok<UserView>> Change(
        string id,
        UserDraft draft,
        UserDirectory directory,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        [FromHeader(Name = ReasonHeader)] string? reason,
        HttpResponse response,
        CancellationToken cancellationToken) =>
        WithTag(await directory.ChangeAsync(id, draft, VersionOf(ifMatch), reason, cancellationToken), response);

    private static async Task<NoContent> Remove(
        string id, UserDirectory directory, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ReasonHeader)] string? reason, CancellationToken cancellationToken)
    {
        await directory.RemoveAsync(id, VersionOf(ifMatch), reason, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Ok<UserView> WithTag(UserView user, HttpResponse response)
    {
        response.Headers.ETag = $"\"{user.Version}\"";
        return TypedResults.Ok(user);
    }

    private static int? VersionOf(string? ifMatch) => ifMatch is null or "*" ? null
        : int.TryParse(ifMatch.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : throw RequestException.BadParameter("If-Match", "If-Match is not an ETag that this API gave out");
}

/// <summary>Who the caller is.</summary>
/// <param name="Id">Opaque and lasting.</param>
/// <param name="Kind">What sort of caller.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Roles">Roles held.</param>
/// <param name="Permissions">What he may do somewhere.</param>
public sealed record Myself(string Id, CallerKind Kind, string DisplayName, IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions);
