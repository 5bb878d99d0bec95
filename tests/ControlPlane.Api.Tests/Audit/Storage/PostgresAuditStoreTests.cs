using Compliance.Audit;
using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit.Storage.Postgres;
using Npgsql;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class PostgresAuditStoreTests(PostgresServer server) : AuditStoreTests, IAsyncLifetime
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
    public async Task A_process_that_hangs_within_its_turn_holds_nobody_up_once_the_server_has_cut_it_off()
    {
        await using var hanging = NewStore();
        await hanging.OpenAsync(TestLog.Key.Verifier.ToString(), TestContext.Current.CancellationToken);
        await using var log = await TestLog.OpenAsync(NewStore());
        var turn = await hanging.TakeTurnAsync(TestContext.Current.CancellationToken);
        var append = log.AppendAsync(log.Event());
        await server.UntilAsync(_database, "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        Assert.False(append.IsCompleted);

        await server.ExecuteAsync(_database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"); // as its time-out does

        Assert.Equal(0, Assert.Single(await append).Index);
        await turn.DisposeAsync();
    }

    [Fact]
    public async Task A_replica_that_starts_does_not_touch_tables_that_are_as_they_should_be()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.AppendAsync(log.Event());
        await using var hanging = NewStore();
        await hanging.OpenAsync(TestLog.Key.Verifier.ToString(), TestContext.Current.CancellationToken);
        var turn = await hanging.TakeTurnAsync(TestContext.Current.CancellationToken);
        await using var another = await TestLog.OpenAsync(NewStore()); // while somebody writes

        Assert.Null(another.Sequencer.Health.ClosedBecause);
        await turn.DisposeAsync(); // before a log ends, which takes a turn for its last checkpoint
    }

    [Theory]
    [InlineData("ALTER TABLE entry DISABLE TRIGGER stays")]
    [InlineData("DROP TRIGGER is_final ON checkpoint")]
    public async Task A_trigger_that_somebody_took_away_is_back_at_the_next_start(string statement)
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.AppendAsync(log.Event());
            await log.Sequencer.CheckpointAsync(TestContext.Current.CancellationToken);
        }

        await TamperAsync(statement, unguarded: false);
        await using (await TestLog.OpenAsync(NewStore()))
        {
        }

        foreach (var attempt in (string[])["DELETE FROM entry", "UPDATE checkpoint SET at = 0"])
        {
            Assert.Contains("append-only", (await Record.ExceptionAsync(() => TamperAsync(attempt, unguarded: false)))?.Message ?? "done", StringComparison.Ordinal);
        }
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

    protected override string DropOfAGuard => "DROP TRIGGER is_final ON entry";

    protected override string Blob(string hex) => $@"'\x{hex}'::bytea";

    protected override IAuditStore NewStore() => new PostgresAuditStore(server.ConnectionString(_database));

    protected override async Task TamperAsync(string statement, bool unguarded) =>
        await server.ExecuteAsync(_database, $"SET search_path = audit; {(unguarded ? "SET session_replication_role = replica;" : "")} {statement}");

    private Task CutConnectionsAsync() =>
        server.ExecuteAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}'");
}
