using Compliance.Audit;
using ControlPlane.Api.Access.Passwords;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Access.SignIn;

/// <summary>What came of a try to sign in.</summary>
/// <param name="Secret">Secret for the browser's cookie; null when it was refused.</param>
/// <param name="Expires">Until when it works at the latest (UTC).</param>
/// <param name="Refusal">Why it was refused; null when it was not.</param>
/// <param name="RetryAfter">When to try again; null when waiting does not help.</param>
public sealed record SignInResult(string? Secret, DateTimeOffset Expires, SignInRefusal? Refusal, TimeSpan? RetryAfter = null);

/// <summary>Why somebody was not let in. It never tells whether there is such an account.</summary>
public enum SignInRefusal
{
    /// <summary>Name and password don't go together.</summary>
    Wrong,

    /// <summary>The link was used, or is too old.</summary>
    Link,

    /// <summary>Too many tries failed; wait.</summary>
    Wait,

    /// <summary>Blocked on suspicion.</summary>
    Blocked,

    /// <summary>Signed in elsewhere, but it gives no role here.</summary>
    NoRole,
}

/// <summary>Where people sign in and out. Each try is on record, and a session begins only once it is.</summary>
public sealed class SignInDesk
{
    private readonly IDbContextFactory<ControlPlaneContext> _store;
    private readonly OneTimeLinks _links;
    private readonly PasswordChecks _passwords;
    private readonly SignInThrottle _throttle;
    private readonly SuspicionGauge _suspicion;
    private readonly SessionRegistry _sessions;
    private readonly AccessAudit _audit;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    public SignInDesk(
        IDbContextFactory<ControlPlaneContext> store,
        OneTimeLinks links,
        PasswordChecks passwords,
        SignInThrottle throttle,
        SuspicionGauge suspicion,
        SessionRegistry sessions,
        AccessAudit audit,
        TimeProvider time) =>
        (_store, _links, _passwords, _throttle, _suspicion, _sessions, _audit, _time) = (store, links, passwords, throttle, suspicion, sessions, audit, time);

    /// <summary>Signs in by a one-time link. No block and no throttle stand in its way: whoever has it can read the server's own output.</summary>
    public async Task<SignInResult> ByLinkAsync(string token, Visitor from, CancellationToken cancellationToken)
    {
        var user = await _links.TakeAsync(token, LinkPurpose.SignIn, cancellationToken);
        if (user is null or { IsDisabled: true })
        {
            return await RefuseAsync(user, SignInRefusal.Link, SignInMethod.Link, from, cancellationToken);
        }

        await _suspicion.UnblockAsync(from.Address, user.Id, cancellationToken);
        await _suspicion.UnblockAsync(from.Address, SuspicionGauge.NoAccount, cancellationToken);
        return await StartAsync(user, SignInMethod.Link, from, cancellationToken);
    }

    /// <summary>Signs in with a password.</summary>
    public async Task<SignInResult> ByPasswordAsync(string name, string password, Visitor from, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(from);
        var account = UserName.Normalize(name);
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        var user = await context.Set<User>().SingleOrDefaultAsync(user => user.Name == account, cancellationToken);
        if (_suspicion.IsBlocked(from, user?.Id ?? SuspicionGauge.NoAccount) || _suspicion.IsBlocked(from, SuspicionGauge.NoAccount))
        {
            return new(null, default, SignInRefusal.Blocked);
        }

        var knows = user is not null && await context.Set<KnownAddress>().AnyAsync(known => known.UserId == user.Id && known.Address == from.Address, cancellationToken);
        if (_throttle.Wait(account, from.Address, knows) is { } wait)
        {
            return new(null, default, SignInRefusal.Wait, wait);
        }

        var (right, renewed) = await _passwords.CheckAsync(password, user is { IsDisabled: false } ? user.PasswordHash : null, cancellationToken);
        if (!right)
        {
            _throttle.Failed(account, from.Address, knows);
            return await RefuseAsync(user, SignInRefusal.Wrong, SignInMethod.Password, from, cancellationToken);
        }

        _throttle.Succeeded(account, from.Address);
        if (renewed is not null)
        {
            await context.Set<User>().Where(other => other.Id == user!.Id).ExecuteUpdateAsync(set => set.SetProperty(other => other.PasswordHash, renewed), cancellationToken);
        }

        return await StartAsync(user!, SignInMethod.Password, from, cancellationToken);
    }

    /// <summary>Takes an invitation: sets the password that somebody chose, and signs in.</summary>
    /// <exception cref="Problems.RequestException">The password does not do; the link still works.</exception>
    public async Task<SignInResult> ByInvitationAsync(string token, string password, Visitor from, CancellationToken cancellationToken)
    {
        if (await _links.LookAsync(token, LinkPurpose.Invitation, cancellationToken) is not { IsDisabled: false } invited)
        {
            return await RefuseAsync(user: null, SignInRefusal.Link, SignInMethod.Link, from, cancellationToken);
        }

        var hash = await _passwords.HashAsync(password, invited.Name, cancellationToken);
        if (await _links.TakeAsync(token, LinkPurpose.Invitation, cancellationToken) is null)
        {
            return await RefuseAsync(invited, SignInRefusal.Link, SignInMethod.Link, from, cancellationToken);
        }

        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        await _audit.RecordAsync(
            "password.set", new AuditActor(AuditActorKind.Person, invited.Id, "console"), AuditOutcome.Succeeded, new AuditObject("User", "", invited.Id), "invitation", from, cancellationToken);
        await context.Set<User>().Where(user => user.Id == invited.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, hash).SetProperty(user => user.Version, user => user.Version + 1), cancellationToken);
        await _sessions.EndAsync(invited.Id, id: null, except: null, cancellationToken);
        return await StartAsync(invited, SignInMethod.Link, from, cancellationToken);
    }

    /// <summary>Signs in somebody whom an OpenID Connect provider vouches for.</summary>
    internal async Task<SignInResult> ByIssuerAsync(User user, Visitor from, CancellationToken cancellationToken)
    {
        if (_suspicion.IsBlocked(from, user.Id))
        {
            return new(null, default, SignInRefusal.Blocked);
        }

        return user.IsDisabled || user.Grants.Count == 0
            ? await RefuseAsync(user, SignInRefusal.NoRole, SignInMethod.SingleSignOn, from, cancellationToken)
            : await StartAsync(user, SignInMethod.SingleSignOn, from, cancellationToken);
    }

    /// <summary>Signs a caller's session out.</summary>
    public async Task SignOutAsync(Caller caller, Visitor from, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (caller.SessionId is { } session)
        {
            await _audit.RecordAsync("session.end", AccessAudit.ActorOf(caller), AuditOutcome.Succeeded, new AuditObject("Session", "", session), reason: null, from, cancellationToken);
            await _sessions.EndAsync(caller.Id, session, except: null, cancellationToken);
        }
    }

    private async Task<SignInResult> StartAsync(User user, SignInMethod method, Visitor from, CancellationToken cancellationToken)
    {
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        var known = await context.Set<KnownAddress>().Where(known => known.UserId == user.Id).ToListAsync(cancellationToken);
        if (known.Count > 0 && known.TrueForAll(known => known.Address != from.Address) && method == SignInMethod.Password)
        {
            await _suspicion.NewPlaceAsync(from, user.Id, cancellationToken);
            if (_suspicion.IsBlocked(from, user.Id))
            {
                return await RefuseAsync(user, SignInRefusal.Blocked, method, from, cancellationToken);
            }
        }

        var (now, id) = (_time.GetUtcNow(), Secret.NewId("s"));
        await _audit.RecordAsync(
            "session.start", new AuditActor(AuditActorKind.Person, user.Id, "console"), AuditOutcome.Succeeded, new AuditObject("Session", "", id), $"{method}", from, cancellationToken);
        var (secret, expires) = await _sessions.StartAsync(user, method, id, from, cancellationToken);
        if (known.Find(known => known.Address == from.Address) is { } place)
        {
            place.LastSeen = now;
        }
        else
        {
            context.Add(new KnownAddress { UserId = user.Id, Address = from.Address, LastSeen = now });
        }

        await context.SaveChangesAsync(cancellationToken);
        await context.Set<User>().Where(other => other.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(other => other.LastSignIn, now), cancellationToken);
        return new(secret, expires, Refusal: null);
    }

    private async Task<SignInResult> RefuseAsync(User? user, SignInRefusal refusal, SignInMethod method, Visitor from, CancellationToken cancellationToken)
    {
        await _audit.RecordAsync(
            "session.start",
            new AuditActor(AuditActorKind.Anonymous, "anonymous", "console"),
            AuditOutcome.Refused,
            new AuditObject("User", "", user?.Id ?? "unknown"),
            $"{method}: {refusal}",
            from,
            cancellationToken);
        if (refusal is SignInRefusal.Wrong or SignInRefusal.Link)
        {
            await _suspicion.FailedSignInAsync(from, user?.Id, cancellationToken);
        }

        return new(null, default, refusal);
    }
}
