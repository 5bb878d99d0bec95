using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ControlPlane.Api.Store.Postgres;

/// <summary>The store in PostgreSQL: for several replicas.</summary>
public sealed class PostgresControlPlaneContext(DbContextOptions<PostgresControlPlaneContext> options) : ControlPlaneContext(options)
{
    /// <summary>For <c>dotnet ef migrations add</c>, which connects to nothing.</summary>
    internal sealed class Design : IDesignTimeDbContextFactory<PostgresControlPlaneContext>
    {
        public PostgresControlPlaneContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgresControlPlaneContext>().UseNpgsql("Host=nowhere").Options);
    }
}
