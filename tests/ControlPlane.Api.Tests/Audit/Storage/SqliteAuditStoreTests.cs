using Compliance.Audit;
using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class SqliteAuditStoreTests : AuditStoreTests, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-audit-");

    private string Database => Path.Combine(_directory.FullName, "audit.db");

    [Fact]
    public async Task A_full_disk_closes_the_log_until_there_is_room_and_loses_nothing()
    {
        var store = new SqliteAuditStore(Database);
        await using var log = await TestLog.OpenAsync(store);
        await log.FillAsync(500);
        store.MaxPages = 10; // fewer than it has: no page more

        var refusal = await Assert.ThrowsAsync<AuditUnavailableException>(() => log.FillAsync(1000));
        Assert.Contains("is full", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("is full", log.Sequencer.Health.ClosedBecause, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2), (await Assert.ThrowsAsync<AuditUnavailableException>(() => log.AppendAsync(log.Event()))).RetryAfter);

        store.MaxPages = 1_000_000;
        await UntilOpenAsync(log);

        Assert.Equal(500, Assert.Single(await log.AppendAsync(log.Event())).Index);
        Assert.Empty((await log.CheckAsync()).Findings);
    }

    [Fact]
    public async Task A_second_writer_is_refused_and_may_take_over_when_the_first_has_gone()
    {
        var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());

        var refusal = await Assert.ThrowsAsync<AuditUnavailableException>(() => second.AppendAsync(second.Event()));
        Assert.Contains("takes one", refusal.Message, StringComparison.Ordinal);

        await first.AppendAsync(first.Event());
        await first.DisposeAsync();
        await UntilOpenAsync(second);
        Assert.Equal(2, Assert.Single(await second.AppendAsync(second.Event())).Index + 1);
    }

    [Fact]
    public async Task A_log_whose_directory_can_not_be_made_starts_closed_and_says_why()
    {
        var file = Path.Combine(_directory.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var log = await TestLog.OpenAsync(new SqliteAuditStore(Path.Combine(file, "audit.db")));

        var refusal = await Assert.ThrowsAsync<AuditUnavailableException>(() => log.AppendAsync(log.Event()));
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);

        File.Delete(file);
        await UntilOpenAsync(log);
        await log.AppendAsync(log.Event());
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_keeps_the_log_closed()
    {
        await using (var log = await TestLog.OpenAsync(new SqliteAuditStore(Database)))
        {
            await log.FillAsync(300);
        }

        await TamperAsync("DELETE FROM entry WHERE idx >= 290", unguarded: true);
        await using var again = await TestLog.OpenAsync(new SqliteAuditStore(Database));

        Assert.Contains("somebody removed some", again.Sequencer.Health.ClosedBecause, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    protected override string DropOfAGuard => "DROP TRIGGER entry_is_final";

    protected override string Blob(string hex) => $"x'{hex}'";

    protected override IAuditStore NewStore() => new SqliteAuditStore(Database);

    protected override Task TamperAsync(string statement, bool unguarded)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        connection.Open();
        if (unguarded)
        {
            Run(connection, "DROP TRIGGER entry_is_final; DROP TRIGGER entry_stays; DROP TRIGGER tile_is_final");
        }

        try
        {
            Run(connection, statement);
        }
        finally
        {
            if (unguarded)
            {
                Run(connection, SqliteSchema.Create); // the triggers are back, as if nothing had been
            }
        }

        return Task.CompletedTask;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own words
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
