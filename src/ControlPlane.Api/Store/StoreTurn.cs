using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Store;

/// <summary>Has replicas do something one after the other.</summary>
internal static class StoreTurn
{
    /// <summary>Waits until no other replica is at it. A turn ends when it is disposed, and with the process that has it.</summary>
    /// <param name="context">Holds the turn; it must not be used for anything else meanwhile.</param>
    /// <param name="what">At what.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The turn; null on SQLite, whose file one process has.</returns>
    public static async Task<IAsyncDisposable?> TakeTurnAsync(this ControlPlaneContext context, string what, CancellationToken cancellationToken)
    {
        if (!context.Database.IsNpgsql())
        {
            return null;
        }

        var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({what}))", cancellationToken);
        return transaction;
    }

    /// <summary>Does something, unless another replica is at it.</summary>
    /// <param name="store">Holds the turn, until it is done and no longer than this process lives.</param>
    /// <param name="what">At what.</param>
    /// <param name="act">Does it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when another one is: nothing was done.</returns>
    public static async Task<bool> TryInTurnAsync(this IDbContextFactory<ControlPlaneContext> store, string what, Func<Task> act, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        await using var transaction = context.Database.IsNpgsql() ? await context.Database.BeginTransactionAsync(cancellationToken) : null;
        if (transaction is not null && !(await context.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock(hashtext({what})) AS \"Value\"").ToListAsync(cancellationToken))[0])
        {
            return false;
        }

        await act();
        return true;
    }
}
