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
}
