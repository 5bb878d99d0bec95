using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Access.SignIn;

/// <summary>Makes links that work once, and takes them.</summary>
public sealed class OneTimeLinks(IDbContextFactory<ControlPlaneContext> store, AccessOptions options, TimeProvider time)
{
    /// <summary>Makes a link; earlier ones of the same person for the same purpose stop working.</summary>
    /// <returns>Path and query, from the root. It holds a secret.</returns>
    public Task<string> MakeAsync(string userId, LinkPurpose purpose, CancellationToken cancellationToken) => MakeAsync(userId, purpose, replaces: true, cancellationToken);

    /// <summary>Makes a link; earlier ones of the same person for the same purpose go on to work, until one of them is used.</summary>
    /// <returns>Path and query, from the root. It holds a secret.</returns>
    internal Task<string> MakeAnotherAsync(string userId, LinkPurpose purpose, CancellationToken cancellationToken) => MakeAsync(userId, purpose, replaces: false, cancellationToken);

    private async Task<string> MakeAsync(string userId, LinkPurpose purpose, bool replaces, CancellationToken cancellationToken)
    {
        var (secret, now) = (Secret.New(), time.GetUtcNow());
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        await context.Set<OneTimeLink>().Where(link => link.Expires < now || (replaces && link.UserId == userId && link.Purpose == purpose)).ExecuteDeleteAsync(cancellationToken);
        context.Add(new OneTimeLink
        {
            SecretHash = Secret.Hash(secret),
            UserId = userId,
            Purpose = purpose,
            Expires = now + (purpose == LinkPurpose.SignIn ? options.SignInLinkLifetime : options.InvitationLifetime),
        });
        await context.SaveChangesAsync(cancellationToken);
        return purpose == LinkPurpose.SignIn ? $"/sign-in?token={secret}" : $"/invitation?token={secret}";
    }

    /// <summary>Whom a link lets in, without using it up; null when it does not work.</summary>
    public async Task<User?> LookAsync(string secret, LinkPurpose purpose, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        return await Valid(context, secret, purpose).Join(context.Set<User>().AsNoTracking(), link => link.UserId, user => user.Id, (link, user) => user)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Uses a link up, and with it all others of the same person for the same purpose. Of any number who try at once, one gets it.</summary>
    /// <returns>Whom it lets in; null when it does not work (any more).</returns>
    internal async Task<User?> TakeAsync(string secret, LinkPurpose purpose, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var user = await LookAsync(secret, purpose, cancellationToken);
        if (user is null || await Valid(context, secret, purpose).ExecuteDeleteAsync(cancellationToken) != 1)
        {
            return null;
        }

        await context.Set<OneTimeLink>().Where(link => link.UserId == user.Id && link.Purpose == purpose).ExecuteDeleteAsync(cancellationToken);
        return user;
    }

    private IQueryable<OneTimeLink> Valid(ControlPlaneContext context, string secret, LinkPurpose purpose)
    {
        var (hash, now) = (Secret.Hash(secret), time.GetUtcNow());
        return context.Set<OneTimeLink>().Where(link => link.SecretHash == hash && link.Purpose == purpose && link.Expires > now);
    }
}
