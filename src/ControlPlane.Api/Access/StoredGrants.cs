using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Access;

/// <summary>What callers with an account may do now, read from the store.</summary>
internal sealed class StoredGrants(IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time) : ICallerDirectory
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RoleGrant>> GrantsOfAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return caller.Kind switch
        {
            CallerKind.Person => (await PersonAsync(context, caller.Id, cancellationToken))?.Grants ?? [],
            CallerKind.Token => await OfTokenAsync(context, caller.Id, cancellationToken),
            CallerKind.ServiceAccount => caller.Grants, // its roles are configuration, and the cluster says whether it is still there
            _ => [],
        };
    }

    private async Task<IReadOnlyList<RoleGrant>> OfTokenAsync(ControlPlaneContext context, string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await context.Set<ApiToken>().AsNoTracking().FirstOrDefaultAsync(token => token.Id == id && token.Expires > now, cancellationToken) is { } token
            && await PersonAsync(context, token.OwnerId, cancellationToken) is { } owner
            ? [.. token.Grants.Where(grant => owner.Grants.Any(held => held.Covers(grant)))]
            : [];
    }

    private static Task<User?> PersonAsync(ControlPlaneContext context, string id, CancellationToken cancellationToken) =>
        context.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Id == id && !user.IsDisabled, cancellationToken);
}
