using ControlPlane.Api.Tests.Audit.Storage;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Store;

/// <summary>The same on a real PostgreSQL server, in a database of each test's own.</summary>
public sealed class PostgresStoreTests(PostgresServer server) : StoreTests, IClassFixture<PostgresServer>
{
    private protected override async Task<TemporaryStore> MakeAsync()
    {
        Assert.SkipWhen(PostgresServer.MissingBecause is not null, PostgresServer.MissingBecause ?? "");
        return await TemporaryStore.MakeAsync($"{server.ConnectionString(await server.CreateDatabaseAsync())};Pooling=false");
    }
}
