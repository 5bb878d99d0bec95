using System.Collections.Concurrent;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Access.Tokens;

/// <summary>Tells whose an API token is. A token gives what it was made with, as far as its owner still holds it.</summary>
public sealed class TokenRegistry(IDbContextFactory<ControlPlaneContext> store, TimeProvider time)
{
    /// <summary>For how long what the store said of a token is believed, when another replica changed it.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan UsedTo = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);
    private TaskCompletionSource _forgotten = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every token is to be looked at anew: one was revoked, or its owner changed.</summary>
    public Task Forgotten => Volatile.Read(ref _forgotten).Task;

    /// <summary>The caller with a token, or why there is none.</summary>
    public async ValueTask<(Caller? Caller, string? Refusal)> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!TokenText.IsWellFormed(text))
        {
            return (null, "token_malformed");
        }

        var (hash, now) = (Secret.Hash(text), time.GetUtcNow());
        var entry = _known.GetValueOrDefault(hash);
        if (entry is null || now - entry.Read > Trust)
        {
            entry = await ReadAsync(hash, now, cancellationToken);
        }

        return entry switch
        {
            null => (null, "token_unknown"),
            _ when now >= entry.Token.Expires => (null, "token_expired"),
            _ when entry.Owner.IsDisabled => (null, "token_unknown"),
            _ => (CallerOf(entry), null),
        };
    }

    /// <summary>Looks at every token anew when it is used next.</summary>
    public void Forget()
    {
        _known.Clear();
        Interlocked.Exchange(ref _forgotten, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task<Entry?> ReadAsync(string hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var found = await context.Set<ApiToken>().AsNoTracking().Where(token => token.SecretHash == hash)
            .Join(context.Set<User>().AsNoTracking(), token => token.OwnerId, user => user.Id, (token, user) => new { token, user })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            _known.TryRemove(hash, out _);
            return null;
        }

        if (found.token.LastUsed is not { } used || now - used > UsedTo)
        {
            await context.Set<ApiToken>().Where(token => token.Id == found.token.Id).ExecuteUpdateAsync(set => set.SetProperty(token => token.LastUsed, now), cancellationToken);
        }

        return _known[hash] = new(found.token, found.user, now);
    }

    private static Caller CallerOf(Entry entry) => new()
    {
        Kind = CallerKind.Token,
        Id = entry.Token.Id,
        OwnerId = entry.Token.OwnerId,
        DisplayName = entry.Token.Name,
        Grants = [.. entry.Token.Grants.Where(grant => entry.Owner.Grants.Any(held => held.Covers(grant)))],
        Via = "rest",
    };

    private sealed record Entry(ApiToken Token, User Owner, DateTimeOffset Read);
}
