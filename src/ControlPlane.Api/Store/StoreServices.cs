using ControlPlane.Api.Store.Postgres;
using ControlPlane.Api.Store.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Api.Store;

/// <summary>Puts the store into a host. Whoever uses it asks for an <see cref="IDbContextFactory{T}"/> of <see cref="ControlPlaneContext"/>.</summary>
public static class StoreServices
{
    private const int BusySeconds = 30;

    /// <summary>Adds the store, and brings its tables up to date before anything else starts.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        if (options.PostgreSql is null)
        {
            var connection = new SqliteConnectionStringBuilder { DataSource = options.SqliteFile, DefaultTimeout = BusySeconds }.ToString();
            Add<SqliteControlPlaneContext>(services, context => context.UseSqlite(connection));
        }
        else
        {
            Add<PostgresControlPlaneContext>(services, context => context.UseNpgsql(options.PostgreSql));
        }

        services.AddSingleton<StoreMigration>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<StoreMigration>());
        return services;
    }

    private static void Add<T>(IServiceCollection services, Action<DbContextOptionsBuilder> configure)
        where T : ControlPlaneContext
    {
        services.AddDbContextFactory<T>(configure);
        services.AddSingleton<IDbContextFactory<ControlPlaneContext>, AnyStore<T>>();
    }

    private sealed class AnyStore<T>(IDbContextFactory<T> store) : IDbContextFactory<ControlPlaneContext>
        where T : ControlPlaneContext
    {
        public ControlPlaneContext CreateDbContext() => store.CreateDbContext();
    }
}
