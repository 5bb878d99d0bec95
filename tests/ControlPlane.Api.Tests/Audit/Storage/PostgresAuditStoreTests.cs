using Compliance.Audit;
using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit.Storage.Postgres;
using Npgsql;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class PostgresAuditStoreTests(PostgresServer server) : AuditStoreTests, IClassFixture<PostgresServer>, IAsyncLifetime
{
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.MissingBecause is { } reason)
        {
            Assert.Skip(reason);
        }

        _database = await server.CreateDatabaseAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_writer_whose_connection_is_cut_closes_and_comes_back_by_itself()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.AppendAsync(log.Event());
        await CutConnectionsAsync();

        await Assert.ThrowsAsync<AuditUnavailableException>(() => log.AppendAsync(log.Event()));
        await UntilOpenAsync(log);

        Assert.Equal(1, Assert.Single(await log.AppendAsync(log.Event())).Index);
    }

    [Fact]
    public async Task A_writer_that_lost_its_lock_can_not_write_beside_its_successor()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await first.AppendAsync(first.Event());
        await CutConnectionsAsync();
        await using var second = await TestLog.OpenAsync(NewStore());
        await second.AppendAsync(second.Event());

        await Assert.ThrowsAsync<AuditUnavailableException>(() => first.AppendAsync(first.Event()));
        first.Time.Advance(TimeSpan.FromSeconds(2));
        await Record.ExceptionAsync(() => first.Sequencer.CheckpointAsync(TestContext.Current.CancellationToken));

        Assert.Contains("one writer", first.Sequencer.Health.ClosedBecause, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(await second.AppendAsync(second.Event())).Index);
    }

    [Fact]
    public async Task The_role_of_the_program_has_no_right_to_change_a_log_that_another_role_owns()
    {
        await server.ExecuteAsync(_database, $"CREATE ROLE app_{_database} LOGIN");
        var app = $"{server.ConnectionString(_database, $"app_{_database}")};Pooling=false";
        await using var log = await TestLog.OpenAsync(new PostgresAuditStore(app, server.ConnectionString(_database)));
        await log.AppendAsync(log.Event());

        foreach (var statement in (string[])["UPDATE audit.entry SET idx = 9", "TRUNCATE audit.entry", "DROP TRIGGER stays ON audit.entry", "DELETE FROM audit.tile", "DROP TABLE audit.entry"])
        {
            await using var connection = new NpgsqlConnection(app);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // the tests' own words
            await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    protected override IAuditStore NewStore() => new PostgresAuditStore(server.ConnectionString(_database));

    protected override async Task TamperAsync(string statement, bool unguarded) =>
        await server.ExecuteAsync(_database, $"SET search_path = audit; {(unguarded ? "SET session_replication_role = replica;" : "")} {statement}");

    private Task CutConnectionsAsync() =>
        server.ExecuteAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}'");
}
