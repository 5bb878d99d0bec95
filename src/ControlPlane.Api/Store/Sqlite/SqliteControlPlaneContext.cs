using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ControlPlane.Api.Store.Sqlite;

/// <summary>The store in a file: <c>control.db</c> in the data directory. One process at a time.</summary>
public sealed class SqliteControlPlaneContext(DbContextOptions<SqliteControlPlaneContext> options) : ControlPlaneContext(options)
{
    /// <summary>For <c>dotnet ef migrations add</c>, which connects to nothing.</summary>
    internal sealed class Design : IDesignTimeDbContextFactory<SqliteControlPlaneContext>
    {
        public SqliteControlPlaneContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteControlPlaneContext>().UseSqlite("Data Source=:memory:").Options);
    }
}
