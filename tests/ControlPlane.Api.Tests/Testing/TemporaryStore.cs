using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>A store of a test's own: SQLite in a directory that goes with it, or a PostgreSQL database.</summary>
internal sealed class TemporaryStore : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dabbawala-store-").FullName;
    private readonly ServiceProvider _services;

    private TemporaryStore(string? postgres)
    {
        Options = new StoreOptions(_directory, postgres);
        _services = new ServiceCollection().AddStore(Options).BuildServiceProvider();
    }

    public StoreOptions Options { get; }

    public IDbContextFactory<ControlPlaneContext> Contexts => _services.GetRequiredService<IDbContextFactory<ControlPlaneContext>>();

    public StoreMigration Migration => _services.GetRequiredService<StoreMigration>();

    public static async Task<TemporaryStore> MakeAsync(string? postgres = null)
    {
        var store = new TemporaryStore(postgres);
        await store.Migration.ApplyAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}
