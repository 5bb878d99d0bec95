using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Live;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Access.Sessions;

/// <summary>
/// Who is signed in. A session that is ended here is over at once, in open pages too; one that another replica ends, within
/// <see cref="Trust"/>.
/// </summary>
public sealed class SessionRegistry(IDbContextFactory<ControlPlaneContext> store, AccessOptions options, TimeProvider time)
{
    /// <summary>For how long what the store said of a session is believed.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SeenTo = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> _bySecret = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _byId = new(StringComparer.Ordinal);

    /// <summary>Tells which sessions ended, or whose person holds other roles now.</summary>
    public ChangeFeed<string> Changes { get; } = new();

    /// <summary>Starts a session. It must be on record before.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="method">How the person signed in.</param>
    /// <param name="id">Id, as it is on record.</param>
    /// <param name="from">From where.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The secret for the browser's cookie, and until when it works at the latest.</returns>
    internal async Task<(string Secret, DateTimeOffset Expires)> StartAsync(
        User user, SignInMethod method, string id, Visitor from, CancellationToken cancellationToken)
    {
        var (secret, now) = (Secret.New(), time.GetUtcNow());
        var session = new Session
        {
            Id = id,
            SecretHash = Secret.Hash(secret),
            UserId = user.Id,
            Method = method,
            Created = now,
            LastSeen = now,
            Expires = now + options.SessionLifetime,
            Address = from.Address,
            Agent = from.Agent,
        };
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        await context.Set<Session>().Where(old => old.Expires < now).ExecuteDeleteAsync(cancellationToken);
        context.Add(session);
        await context.SaveChangesAsync(cancellationToken);
        return (secret, session.Expires);
    }

    /// <summary>The caller with a secret from a cookie; null when there is no such session (any more).</summary>
    internal async ValueTask<Caller?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        var hash = Secret.Hash(secret);
        var entry = _bySecret.GetValueOrDefault(hash);
        if (entry is null || entry.IsOld(time.GetUtcNow()))
        {
            entry = await ReadAsync(session => session.SecretHash == hash, entry, cancellationToken);
        }

        return CallerOf(entry);
    }

    /// <summary>The caller of a session as was last known; null when it is over. For open pages, which ask for each thing they do.</summary>
    public Caller? Current(string id) => CallerOf(_byId.GetValueOrDefault(id));

    /// <summary>Looks into the store whether a session still is.</summary>
    public async Task<bool> RefreshAsync(string id, CancellationToken cancellationToken) =>
        CallerOf(await ReadAsync(session => session.Id == id, _byId.GetValueOrDefault(id), cancellationToken)) is not null;

    /// <summary>Ends sessions of one person. It must be on record before.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="id">Which; null for all.</param>
    /// <param name="except">But not this one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many there were.</returns>
    internal async Task<int> EndAsync(string userId, string? id, string? except, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var ended = await context.Set<Session>().AsNoTracking()
            .Where(session => session.UserId == userId && (id == null || session.Id == id) && (except == null || session.Id != except))
            .ToListAsync(cancellationToken);
        var ids = ended.ConvertAll(session => session.Id);
        await context.Set<Session>().Where(session => ids.Contains(session.Id)).ExecuteDeleteAsync(cancellationToken);
        ended.ForEach(Forget);
        return ended.Count;
    }

    /// <summary>Looks anew at all sessions of a person who was changed.</summary>
    internal async Task ChangedAsync(string userId, CancellationToken cancellationToken)
    {
        foreach (var entry in _byId.Values.Where(entry => entry.User.Id == userId).ToList())
        {
            await ReadAsync(session => session.Id == entry.Session.Id, entry, cancellationToken);
            Changes.Publish(entry.Session.Id);
        }
    }

    private Caller? CallerOf(Entry? entry)
    {
        var now = time.GetUtcNow();
        return entry is null || entry.User.IsDisabled || now >= entry.Session.Expires || now >= entry.Session.LastSeen + options.SessionIdle + SeenTo
            ? null
            : new Caller
            {
                Kind = CallerKind.Person,
                Id = entry.User.Id,
                DisplayName = entry.User.DisplayName,
                Grants = entry.User.Grants,
                Via = "console",
                Address = entry.Session.Address,
                SessionId = entry.Session.Id,
            };
    }

    [SuppressMessage("Performance", "CA1851", Justification = "one row")]
    private async Task<Entry?> ReadAsync(System.Linq.Expressions.Expression<Func<Session, bool>> which, Entry? known, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var found = await context.Set<Session>().AsNoTracking().Where(which)
            .Join(context.Set<User>().AsNoTracking(), session => session.UserId, user => user.Id, (session, user) => new { session, user })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            if (known is not null)
            {
                Forget(known.Session);
            }

            return null;
        }

        var entry = new Entry(found.session, found.user, now);
        if (CallerOf(entry) is null)
        {
            Forget(found.session);
            return null;
        }

        if (now - found.session.LastSeen > SeenTo)
        {
            await context.Set<Session>().Where(which).ExecuteUpdateAsync(set => set.SetProperty(session => session.LastSeen, now), cancellationToken);
            entry.Session.LastSeen = now;
        }

        _bySecret[found.session.SecretHash] = entry;
        _byId[found.session.Id] = entry;
        return entry;
    }

    private void Forget(Session session)
    {
        _bySecret.TryRemove(session.SecretHash, out _);
        _byId.TryRemove(session.Id, out _);
        Changes.Publish(session.Id);
    }

    private sealed record Entry(Session Session, User User, DateTimeOffset Read)
    {
        public bool IsOld(DateTimeOffset now) => now - Read > Trust;
    }
}
