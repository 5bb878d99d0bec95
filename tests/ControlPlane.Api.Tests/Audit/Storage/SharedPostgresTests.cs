using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit.Storage.Postgres;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>The same on a real PostgreSQL server.</summary>
public sealed class SharedPostgresTests(PostgresServer server) : SharedLogTests, IAsyncLifetime
{
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.MissingBecause is not null, PostgresServer.MissingBecause ?? "");
        _database = await server.CreateDatabaseAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override IAuditStore NewStore() => new PostgresAuditStore(server.ConnectionString(_database));
}
