using ControlPlane.Api.Store;
using ControlPlane.Api.Store.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>The control plane's own store, in memory; gone when it is disposed of.</summary>
internal sealed class TestStore : IDbContextFactory<ControlPlaneContext>, IDisposable
{
    private readonly SqliteConnection _keepsItAlive;
    private readonly DbContextOptions<SqliteControlPlaneContext> _options;

    public TestStore()
    {
        var connection = $"Data Source={Guid.NewGuid():N};Mode=Memory;Cache=Shared";
        _keepsItAlive = new SqliteConnection(connection);
        _keepsItAlive.Open();
        _options = new DbContextOptionsBuilder<SqliteControlPlaneContext>().UseSqlite(connection).Options;
        using var context = CreateDbContext();
        context.Database.EnsureCreated();
    }

    public ControlPlaneContext CreateDbContext() => new SqliteControlPlaneContext(_options);

    public void Dispose() => _keepsItAlive.Dispose();
}
