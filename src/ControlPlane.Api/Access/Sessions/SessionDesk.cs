using System.Net;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Access.Sessions;

/// <summary>A session as lists show it.</summary>
/// <param name="Id">Opaque; opens nothing.</param>
/// <param name="UserId">Whose.</param>
/// <param name="UserName">Name of that person.</param>
/// <param name="Method">How the person signed in.</param>
/// <param name="Created">When (UTC).</param>
/// <param name="LastSeen">When it was last used (UTC), to the minute.</param>
/// <param name="Expires">When it ends at the latest (UTC).</param>
/// <param name="Address">Network address at sign-in.</param>
/// <param name="Agent">What the browser says it is.</param>
/// <param name="IsCurrent">True for the caller's present one.</param>
public sealed record SessionView(
    string Id, string UserId, string UserName, SignInMethod Method, DateTimeOffset Created, DateTimeOffset LastSeen, DateTimeOffset Expires, string Address, string Agent, bool IsCurrent);

/// <summary>Lists and ends sessions: everybody his own, admins those of all.</summary>
public sealed class SessionDesk
{
    private readonly IDbContextFactory<ControlPlaneContext> _store;
    private readonly Authorizer _authorizer;
    private readonly CommandGate _gate;
    private readonly SessionRegistry _registry;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    public SessionDesk(IDbContextFactory<ControlPlaneContext> store, Authorizer authorizer, CommandGate gate, SessionRegistry registry, TimeProvider time) =>
        (_store, _authorizer, _gate, _registry, _time) = (store, authorizer, gate, registry, time);

    /// <summary>A page of sessions, newest first.</summary>
    /// <param name="userId">Whose; null for all that may be seen.</param>
    /// <param name="cursor">Where the page begins.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ListPage<SessionView>> ListAsync(string? userId, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var (whose, now, current) = (_authorizer.WhoseAccess(userId), _time.GetUtcNow(), _authorizer.Caller.SessionId);
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        return await context.Set<Session>().AsNoTracking()
            .Where(session => (whose == null || session.UserId == whose) && session.Expires > now)
            .Join(context.Set<User>().AsNoTracking(), session => session.UserId, user => user.Id, (session, user) => new { session, user.DisplayName })
            .OrderByDescending(row => row.session.Id)
            .PageAsync(cursor, limit, row => View(row.session, row.DisplayName, current), cancellationToken);
    }

    /// <summary>Ends a session, at once and in open pages too: one's own, or as an admin anybody's.</summary>
    public async Task EndAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        var whose = _authorizer.WhoseAccess(ownerId: null);
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        var session = await context.Set<Session>().AsNoTracking().SingleOrDefaultAsync(session => session.Id == id && (whose == null || session.UserId == whose), cancellationToken)
            ?? throw new RequestException(HttpStatusCode.NotFound, "id", $"there is no session {id}");
        var permission = session.UserId == _authorizer.Caller.PersonId ? Permissions.OwnAccess : Permissions.ManageAccess;
        await _gate.RunAsync(
            new Command(permission, new CommandSubject("Session", "", id)) { Reason = reason },
            (_, cancel) => _registry.EndAsync(session.UserId, id, except: null, cancel),
            cancellationToken);
    }

    private static SessionView View(Session session, string name, string? current) => new(
        session.Id, session.UserId, name, session.Method, session.Created, session.LastSeen, session.Expires, session.Address, session.Agent, session.Id == current);
}
