using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Idempotency;

/// <summary>Keeps answers under their keys: for 24 hours, over restarts, and for all replicas.</summary>
public sealed class IdempotentAnswers(IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time)
{
    /// <summary>How long an answer is kept.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromHours(24);

    /// <summary>A request whose process died holds its key for so long. Longer than any request takes: what it did until then is in the audit log.</summary>
    public static TimeSpan Held { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Takes a key for a request; gives the request that has it already, if one does.</summary>
    public async Task<IdempotentRequest?> TakeAsync(string callerId, string key, string hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, callerId, key, cancellationToken) is { } before)
        {
            if (!IsForgotten(before, now))
            {
                return before;
            }

            await DeleteAsync(context, before, cancellationToken);
            context.ChangeTracker.Clear();
        }

        context.Add(new IdempotentRequest { CallerId = callerId, Key = key, RequestHash = hash, At = now, HeldUntil = now + Held });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException e)
        {
            // Two came at once; the key of the table let one in.
            await using var other = await contexts.CreateDbContextAsync(cancellationToken);
            return await FindAsync(other, callerId, key, cancellationToken) ?? throw new InvalidOperationException("the store lost a key", e);
        }
    }

    /// <summary>Keeps the answer.</summary>
    public async Task KeepAsync(string callerId, string key, Action<IdempotentRequest> answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answer);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, callerId, key, cancellationToken) is { } request)
        {
            answer(request);
            await context.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Gives the key back: the request failed, and may be tried again.</summary>
    public async Task ForgetAsync(string callerId, string key, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Set<IdempotentRequest>().Where(request => request.CallerId == callerId && request.Key == key).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Deletes what is older than it is kept.</summary>
    public async Task<int> DeleteOldAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Kept;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<IdempotentRequest>().Where(request => request.At < since).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Just that request: another process may have taken the key anew by now.</summary>
    private static Task<int> DeleteAsync(ControlPlaneContext context, IdempotentRequest old, CancellationToken cancellationToken) => context.Set<IdempotentRequest>()
        .Where(request => request.CallerId == old.CallerId && request.Key == old.Key && request.At == old.At && request.HeldUntil == old.HeldUntil)
        .ExecuteDeleteAsync(cancellationToken);

    private static bool IsForgotten(IdempotentRequest request, DateTimeOffset now) =>
        request.At < now - Kept || (request.Status is null && request.HeldUntil < now);

    private static Task<IdempotentRequest?> FindAsync(ControlPlaneContext context, string callerId, string key, CancellationToken cancellationToken) =>
        context.Set<IdempotentRequest>().FirstOrDefaultAsync(request => request.CallerId == callerId && request.Key == key, cancellationToken);
}
