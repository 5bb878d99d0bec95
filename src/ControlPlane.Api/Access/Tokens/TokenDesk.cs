using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Access.Tokens;

/// <summary>An API token as lists show it.</summary>
/// <param name="Id">Opaque; opens nothing.</param>
/// <param name="Name">What it is for.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="OwnerName">Name of that person.</param>
/// <param name="Roles">Roles that it was made with.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends (UTC).</param>
/// <param name="LastUsed">When it was last used (UTC), to the minute; null before the first time.</param>
public sealed record TokenView(
    string Id, string Name, string OwnerId, string OwnerName, IReadOnlyList<string> Roles, DateTimeOffset Created, DateTimeOffset Expires, DateTimeOffset? LastUsed);

/// <summary>What is asked of a new token.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Roles">Roles, such as <c>viewer@shop</c>: no more than its owner holds.</param>
/// <param name="Days">Life in days.</param>
public sealed record TokenDraft(string? Name, IReadOnlyList<string>? Roles, int Days = 90);

/// <summary>A token that was just made.</summary>
/// <param name="Token">The token itself. It is not shown again.</param>
/// <param name="View">As lists show it.</param>
public sealed record NewToken(string Token, TokenView View);

/// <summary>Makes, lists and revokes API tokens: everybody his own, admins those of all.</summary>
public sealed class TokenDesk
{
    private const int LongestName = 100;

    private readonly IDbContextFactory<ControlPlaneContext> _store;
    private readonly Authorizer _authorizer;
    private readonly CommandGate _gate;
    private readonly TokenRegistry _registry;
    private readonly AccessOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    public TokenDesk(IDbContextFactory<ControlPlaneContext> store, Authorizer authorizer, CommandGate gate, TokenRegistry registry, AccessOptions options, TimeProvider time) =>
        (_store, _authorizer, _gate, _registry, _options, _time) = (store, authorizer, gate, registry, options, time);

    /// <summary>A page of tokens, newest first: all of them, or the caller's own where he may see no others.</summary>
    /// <param name="ownerId">Whose; null for all that may be seen.</param>
    /// <param name="text">Text that the name contains; null for all.</param>
    /// <param name="cursor">Where the page begins.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ListPage<TokenView>> ListAsync(string? ownerId, string? text, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var whose = _authorizer.WhoseAccess(ownerId);
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        return await context.Set<ApiToken>().AsNoTracking()
            .Where(token => (whose == null || token.OwnerId == whose) && (text == null || token.Name.Contains(text)))
            .Join(context.Set<User>().AsNoTracking(), token => token.OwnerId, user => user.Id, (token, user) => new { token, user.DisplayName })
            .OrderByDescending(row => row.token.Id)
            .PageAsync(cursor, limit, row => View(row.token, row.DisplayName), cancellationToken);
    }

    /// <summary>Makes a token of the caller's own.</summary>
    /// <exception cref="RequestException">It would live too long, or give more than the caller holds.</exception>
    public Task<NewToken> MakeAsync(TokenDraft draft, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var caller = _authorizer.Caller;
        var (text, now) = (TokenText.New(), _time.GetUtcNow());
        return _gate.RunAsync(new Command(Permissions.OwnAccess, new CommandSubject("Token", "", caller.PersonId ?? caller.Id)) { Reason = reason }, async (trace, cancel) =>
        {
            var token = new ApiToken
            {
                Id = Secret.NewId("t"),
                Name = NameOf(draft),
                SecretHash = Secret.Hash(text),
                OwnerId = caller.PersonId ?? throw new AccessException(caller, Permissions.OwnAccess, @namespace: null),
                Grants = GrantsOf(draft, caller),
                Created = now,
                Expires = now + LifeOf(draft),
            };
            trace.After = new JsonObject { ["token"] = token.Id, ["roles"] = new JsonArray([.. token.Grants.Select(grant => (JsonNode)grant.ToString())]), ["expires"] = token.Expires.ToString("O") };
            await using var context = await _store.CreateDbContextAsync(cancel);
            context.Add(token);
            await context.SaveChangesAsync(cancel);
            return new NewToken(text, View(token, caller.DisplayName));
        }, cancellationToken);
    }

    /// <summary>Ends a token: one's own, or as an admin anybody's.</summary>
    public async Task RevokeAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        var whose = _authorizer.WhoseAccess(ownerId: null);
        var token = await context.Set<ApiToken>().AsNoTracking().SingleOrDefaultAsync(token => token.Id == id && (whose == null || token.OwnerId == whose), cancellationToken)
            ?? throw new RequestException(HttpStatusCode.NotFound, "id", $"there is no token {id}");
        var permission = token.OwnerId == _authorizer.Caller.PersonId ? Permissions.OwnAccess : Permissions.ManageAccess;
        await _gate.RunAsync(new Command(permission, new CommandSubject("Token", "", id)) { Reason = reason }, async (trace, cancel) =>
        {
            trace.Before = new JsonObject { ["roles"] = new JsonArray([.. token.Grants.Select(grant => (JsonNode)grant.ToString())]) };
            var ended = await context.Set<ApiToken>().Where(token => token.Id == id).ExecuteDeleteAsync(cancel);
            _registry.Forget();
            return ended;
        }, cancellationToken);
    }

    private static string NameOf(TokenDraft draft) => draft.Name?.Trim() is { Length: > 0 and <= LongestName } name
        ? name
        : throw RequestException.BadParameter("name", $"say in 1 to {LongestName} letters what the token is for");

    private static IReadOnlyList<RoleGrant> GrantsOf(TokenDraft draft, Caller caller)
    {
        List<RoleGrant> grants = [.. (draft.Roles ?? []).Select(text => RoleGrant.Parse(text) ?? throw RequestException.BadParameter("roles", $"'{text}' is no role"))];
        if (grants.Count == 0)
        {
            throw RequestException.BadParameter("roles", "a token needs a role");
        }

        return grants.Find(grant => !caller.Grants.Any(held => held.Covers(grant))) is { } more
            ? throw new RequestException(HttpStatusCode.Forbidden, "roles", $"{more} is more than you hold")
            : grants;
    }

    private TimeSpan LifeOf(TokenDraft draft) => draft.Days >= 1 && draft.Days <= _options.LongestToken.TotalDays
        ? TimeSpan.FromDays(draft.Days)
        : throw RequestException.BadParameter("days", $"a token lives 1 to {_options.LongestToken.TotalDays:0} days");

    private static TokenView View(ApiToken token, string owner) =>
        new(token.Id, token.Name, token.OwnerId, owner, [.. token.Grants.Select(grant => grant.ToString())], token.Created, token.Expires, token.LastUsed);
}
