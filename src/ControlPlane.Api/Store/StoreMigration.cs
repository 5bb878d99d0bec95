using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Api.Store;

/// <summary>Brings the tables up to date before any other service starts. One replica does it while the others wait.</summary>
public sealed class StoreMigration(IDbContextFactory<ControlPlaneContext> store, StoreOptions options) : IHostedLifecycleService
{
    /// <summary>Brings the tables up to date; does nothing where they are.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (options.PostgreSql is null)
        {
            MakeFile();
        }

        await using var context = await store.CreateDbContextAsync(cancellationToken);
        if (options.PostgreSql is null)
        {
            // Readers don't wait for the writer. And the lock of a process that was killed while it migrated would be waited for until the end of
            // time: only one process ever has the file, so whatever lock there is belongs to nobody.
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL; DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancellationToken);
        }

        // EF's own lock is on a table, which is not there the first time: replicas that start at once would all migrate.
        await using var other = await store.CreateDbContextAsync(cancellationToken);
        await using var turn = await other.TakeTurnAsync("dabbawala migration", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => ApplyAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>An empty file of the owner's alone: SQLite gives its -wal and -shm files the same mode.</summary>
    private void MakeFile()
    {
        Directory.CreateDirectory(options.DataDirectory);
        if (!File.Exists(options.SqliteFile))
        {
            using var file = PrivateFile.Create(options.SqliteFile);
        }
    }
}
