using ControlPlane.Api.Store;
using ControlPlane.Api.Store.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>The control plane's own store, in a directory of its own; gone when it is disposed of.</summary>
internal sealed class TestStore : IDbContextFactory<ControlPlaneContext>, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-store-");
    private readonly DbContextOptions<SqliteControlPlaneContext> _options;

    public TestStore()
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(_directory.FullName, "control.db"), Pooling = false }.ToString();
        _options = new DbContextOptionsBuilder<SqliteControlPlaneContext>().UseSqlite(connection).Options;
        using var context = CreateDbContext();
        context.Database.EnsureCreated();
    }

    public ControlPlaneContext CreateDbContext() => new SqliteControlPlaneContext(_options);

    public void Dispose() => _directory.Delete(recursive: true);
}
