using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access.Passwords;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Access.Users;

/// <summary>People, and what they may: lists them, invites, changes and removes them. There is always an admin left who can sign in.</summary>
public sealed class UserDirectory
{
    private const string Kind = "User";

    private readonly IDbContextFactory<ControlPlaneContext> _store;
    private readonly Authorizer _authorizer;
    private readonly CommandGate _gate;
    private readonly OneTimeLinks _links;
    private readonly PasswordChecks _passwords;
    private readonly SessionRegistry _sessions;
    private readonly TokenRegistry _tokens;
    private readonly SignInThrottle _throttle;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    public UserDirectory(
        IDbContextFactory<ControlPlaneContext> store,
        Authorizer authorizer,
        CommandGate gate,
        OneTimeLinks links,
        PasswordChecks passwords,
        SessionRegistry sessions,
        TokenRegistry tokens,
        SignInThrottle throttle,
        TimeProvider time) =>
        (_store, _authorizer, _gate, _links, _passwords, _sessions, _tokens, _throttle, _time) = (store, authorizer, gate, links, passwords, sessions, tokens, throttle, time);

    /// <summary>A page of people.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    public async Task<ListPage<UserView>> ListAsync(UserFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        _authorizer.Demand(Permissions.ReadAccess);
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        return await Sorted(Matching(context.Set<User>().AsNoTracking(), filter), filter.Sort).PageAsync(cursor, limit, UserView.Of, cancellationToken);
    }

    /// <summary>A person.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public async Task<UserView> GetAsync(string id, CancellationToken cancellationToken)
    {
        _authorizer.Demand(_authorizer.Caller.PersonId == id ? Permissions.OwnAccess : Permissions.ReadAccess);
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        return UserView.Of(await FindAsync(context, id, cancellationToken));
    }

    /// <summary>Makes an account, and a link by which its owner chooses a password.</summary>
    /// <exception cref="RequestException">Something of the draft does not do.</exception>
    public Task<Invited> InviteAsync(UserDraft draft, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var name = UserName.Normalize(draft.Name ?? "");
        if (!UserName.IsOne(name))
        {
            throw RequestException.BadParameter("name", "a name has 2 to 100 letters, digits, and . _ - @ +");
        }

        var user = new User { Id = Secret.NewId("u"), Name = name, DisplayName = Text(draft.DisplayName) ?? name, Email = Text(draft.Email), Grants = Grants(draft), Created = _time.GetUtcNow() };
        return RunAsync(user.Id, reason, async (trace, cancel) =>
        {
            await using var context = await _store.CreateDbContextAsync(cancel);
            if (await context.Set<User>().AnyAsync(other => other.Name == name, cancel))
            {
                throw new RequestException(HttpStatusCode.Conflict, "name", $"there is an account '{name}' already");
            }

            trace.After = Describe(user);
            AddPersonalData(trace, user);
            context.Add(user);
            await context.SaveChangesAsync(cancel);
            return new Invited(UserView.Of(user), await _links.MakeAsync(user.Id, LinkPurpose.Invitation, cancel));
        }, cancellationToken);
    }

    /// <summary>Changes a person.</summary>
    /// <param name="id">Who.</param>
    /// <param name="draft">As the person is to be.</param>
    /// <param name="version">Version that was looked at; null for any.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<UserView> ChangeAsync(string id, UserDraft draft, int? version, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return RunAsync(id, reason, async (trace, cancel) =>
        {
            await using var context = await _store.CreateDbContextAsync(cancel);
            var user = await FindAsync(context, id, cancel);
            Match(user, version);
            trace.Before = Describe(user);
            var grants = draft.Roles is null ? user.Grants : Grants(draft);
            if (user.Issuer is not null && !grants.ToHashSet().SetEquals(user.Grants))
            {
                throw new RequestException(HttpStatusCode.Conflict, "roles", $"the roles come from {user.Issuer}: change them there");
            }

            (user.DisplayName, user.Email, user.Grants, user.IsDisabled) = (Text(draft.DisplayName) ?? user.DisplayName, Text(draft.Email), grants, draft.IsDisabled);
            user.Version++;
            await KeepAnAdminAsync(context, user, cancel);
            trace.After = Describe(user);
            AddPersonalData(trace, user);
            await SaveAsync(context, cancel);
            await ForgetAsync(id, cancel);
            return UserView.Of(user);
        }, cancellationToken);
    }

    /// <summary>Removes a person, with sessions, tokens and all personal data of the account.</summary>
    public Task RemoveAsync(string id, int? version, string? reason, CancellationToken cancellationToken) =>
        RunAsync(id, reason, async (trace, cancel) =>
        {
            await using var context = await _store.CreateDbContextAsync(cancel);
            var user = await FindAsync(context, id, cancel);
            Match(user, version);
            trace.Before = Describe(user);
            (user.IsDisabled, user.Grants) = (true, []);
            await KeepAnAdminAsync(context, user, cancel);
            await _sessions.EndAsync(id, id: null, except: null, cancel);
            context.Remove(user);
            await SaveAsync(context, cancel);
            _tokens.Forget();
            return user;
        }, cancellationToken);

    /// <summary>Makes a link by which a person chooses a new password. Earlier ones stop working.</summary>
    /// <returns>Path and query, from the root. It holds a secret.</returns>
    public Task<string> LinkAsync(string id, string? reason, CancellationToken cancellationToken) =>
        RunAsync(id, reason, async (_, cancel) =>
        {
            await using var context = await _store.CreateDbContextAsync(cancel);
            var user = await FindAsync(context, id, cancel);
            return user.Issuer is null
                ? await _links.MakeAsync(id, LinkPurpose.Invitation, cancel)
                : throw new RequestException(HttpStatusCode.Conflict, "id", $"the person signs in at {user.Issuer}");
        }, cancellationToken);

    /// <summary>Lets a person try again at once whose sign-ins failed too often.</summary>
    public Task UnlockAsync(string id, string? reason, CancellationToken cancellationToken) =>
        RunAsync(id, reason, async (_, cancel) =>
        {
            await using var context = await _store.CreateDbContextAsync(cancel);
            var user = await FindAsync(context, id, cancel);
            _throttle.Unlock(user.Name);
            return user;
        }, cancellationToken);

    /// <summary>Changes the caller's own password, and ends all other sessions.</summary>
    /// <exception cref="RequestException">The present password is wrong, or the new one does not do.</exception>
    public Task ChangePasswordAsync(string? present, string next, CancellationToken cancellationToken)
    {
        var (id, session) = (_authorizer.Caller.Id, _authorizer.Caller.SessionId);
        if (_authorizer.Caller.Kind != CallerKind.Person)
        {
            throw new AccessException(_authorizer.Caller, Permissions.OwnAccess, @namespace: null);
        }

        return _gate.RunAsync(new Command(Permissions.OwnAccess, new CommandSubject("Password", "", id)), async (_, cancel) =>
        {
            await using var context = await _store.CreateDbContextAsync(cancel);
            var user = await FindAsync(context, id, cancel);
            if (_throttle.Wait(user.Name, "own-password", isKnown: true) is not null)
            {
                throw new RequestException(HttpStatusCode.TooManyRequests, "present", "too many wrong passwords: wait before the next try");
            }

            if (user.PasswordHash is not null && !(await _passwords.CheckAsync(present ?? "", user.PasswordHash, cancel)).Right)
            {
                _throttle.Failed(user.Name, "own-password", isKnown: true);
                throw RequestException.BadParameter("present", "this is not your present password");
            }

            user.PasswordHash = await _passwords.HashAsync(next, user.Name, cancel);
            user.Version++;
            await SaveAsync(context, cancel);
            await _sessions.EndAsync(id, id: null, except: session, cancel);
            return user;
        }, cancellationToken);
    }

    private Task<T> RunAsync<T>(string id, string? reason, Func<CommandTrace, CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        _gate.RunAsync(new Command(Permissions.ManageAccess, new CommandSubject(Kind, "", id)) { Reason = reason }, action, cancellationToken);

    private async Task ForgetAsync(string id, CancellationToken cancellationToken)
    {
        await _sessions.ChangedAsync(id, cancellationToken);
        _tokens.Forget();
    }

    private static IQueryable<User> Matching(IQueryable<User> users, UserFilter filter)
    {
        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var text = filter.Text.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // translated to SQL
            users = users.Where(user => user.Name.Contains(text) || user.DisplayName.ToLower().Contains(text) || (user.Email != null && user.Email.ToLower().Contains(text)));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        if (filter.Role is { Length: > 0 } role)
        {
            var name = (RoleNames.Parse(role) ?? throw RequestException.BadParameter("role", $"'{role}' is no role")).ToName();
            users = users.Where(user => EF.Functions.Like((string)(object)user.Grants, $"%\"{name}\"%") || EF.Functions.Like((string)(object)user.Grants, $"%\"{name}@%"));
        }

        return users;
    }

    private static IOrderedQueryable<User> Sorted(IQueryable<User> users, string sort) => sort switch
    {
        "name" => users.OrderBy(user => user.Name),
        "-name" => users.OrderByDescending(user => user.Name),
        "created" => users.OrderBy(user => user.Created).ThenBy(user => user.Name),
        "-created" => users.OrderByDescending(user => user.Created).ThenBy(user => user.Name),
        "lastSignIn" => users.OrderBy(user => user.LastSignIn).ThenBy(user => user.Name),
        "-lastSignIn" => users.OrderByDescending(user => user.LastSignIn).ThenBy(user => user.Name),
        _ => throw RequestException.BadParameter("sort", "sort is one of name, created, lastSignIn; with a minus in front descending"),
    };

    private static async Task<User> FindAsync(ControlPlaneContext context, string id, CancellationToken cancellationToken) =>
        await context.Set<User>().SingleOrDefaultAsync(user => user.Id == id, cancellationToken) ?? throw new RequestException(HttpStatusCode.NotFound, "id", $"there is no user {id}");

    private static void Match(User user, int? version)
    {
        if (version is not null && version != user.Version)
        {
            throw new RequestException(HttpStatusCode.PreconditionFailed, "If-Match", "the user was changed since it was looked at: look again, then change");
        }
    }

    private static async Task SaveAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new RequestException(HttpStatusCode.PreconditionFailed, "If-Match", "the user was changed meanwhile: look again, then change");
        }
    }

    private static async Task KeepAnAdminAsync(ControlPlaneContext context, User changed, CancellationToken cancellationToken)
    {
        var others = await context.Set<User>().AsNoTracking().Where(user => user.Id != changed.Id && !user.IsDisabled).ToListAsync(cancellationToken);
        if (!others.Append(changed).Any(user => !user.IsDisabled && user.Grants.Contains(new RoleGrant(Role.Admin))))
        {
            throw new RequestException(HttpStatusCode.Conflict, "roles", "this is the last admin: make another one first");
        }
    }

    private static IReadOnlyList<RoleGrant> Grants(UserDraft draft) =>
    [
        .. (draft.Roles ?? []).Select(text => RoleGrant.Parse(text) is { Role: not Role.AuditSource } grant
            ? grant
            : throw RequestException.BadParameter("roles", $"'{text}' is no role that a person can have: viewer, platform-engineer, on-call, compliance-officer or admin, with @namespace or @namespace/team behind where it is not for all")).Distinct(),
    ];

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static JsonObject Describe(User user) => new()
    {
        ["roles"] = new JsonArray([.. user.Grants.Select(grant => (JsonNode)grant.ToString())]),
        ["disabled"] = user.IsDisabled,
    };

    private static void AddPersonalData(CommandTrace trace, User user)
    {
        trace.PersonalData.Add(new(user.Id, "user.name", user.Name));
        trace.PersonalData.Add(new(user.Id, "user.displayName", user.DisplayName));
        if (user.Email is { } email)
        {
            trace.PersonalData.Add(new(user.Id, "user.email", email));
        }
    }
}
