using Compliance.Audit.Personal;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Audit.Actors;

/// <summary>Who is behind an opaque id.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">Name for people; null when nobody knows it any more.</param>
public sealed record ActorName(string Id, string? Name);

/// <summary>
/// Puts names to opaque ids, for those who may see them. Names are in no entry: those of accounts and tokens are looked up among them, and those that
/// only Kubernetes knows in the vault; so somebody whose account was removed, or whose data were erased, has none any more.
/// </summary>
public sealed class ActorNames(IDbContextFactory<ControlPlaneContext> store, IPersonalVault vault, Authorizer authorizer)
{
    /// <summary>Ids that can be asked for at once.</summary>
    public const int Most = 200;

    private const string NameInKubernetes = "actor.name";

    /// <summary>True when the caller may see names.</summary>
    public bool MaySee => authorizer.MaySomewhere(Permissions.NameActors);

    /// <summary>True for an id that is a person's or a token's. Others, such as <c>system:serviceaccount:shop:order</c>, say by themselves who it is.</summary>
    public static bool IsOpaque(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.StartsWith("u_", StringComparison.Ordinal) || id.StartsWith("t_", StringComparison.Ordinal) || IsOfKubernetes(id);
    }

    /// <summary>The names of those ids that are opaque; those whom nobody knows have none.</summary>
    /// <exception cref="AccessException">The caller may not see names.</exception>
    public async Task<IReadOnlyList<ActorName>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        authorizer.DemandSomewhere(Permissions.NameActors);
        List<string> wanted = [.. ids.Where(IsOpaque).Distinct(StringComparer.Ordinal).Take(Most)];
        if (wanted.Count == 0)
        {
            return [];
        }

        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var names = await context.Set<User>().AsNoTracking().Where(user => wanted.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.DisplayName, cancellationToken);
        var tokens = await context.Set<ApiToken>().AsNoTracking().Where(token => wanted.Contains(token.Id))
            .Join(context.Set<User>().AsNoTracking(), token => token.OwnerId, user => user.Id, (token, user) => new { token.Id, token.Name, user.DisplayName })
            .ToListAsync(cancellationToken);
        tokens.ForEach(token => names[token.Id] = $"token “{token.Name}” of {token.DisplayName}");
        foreach (var id in wanted.Where(IsOfKubernetes).Where(_ => authorizer.MaySomewhere(Permissions.RevealPersonalData)))
        {
            if (await vault.FindDatumAsync(id, NameInKubernetes, cancellationToken) is { } name)
            {
                names[id] = name;
            }
        }

        return [.. wanted.Select(id => new ActorName(id, names.GetValueOrDefault(id)))];
    }

    private static bool IsOfKubernetes(string id) => id.StartsWith($"{KubernetesEntry.Realm}:", StringComparison.Ordinal);
}
