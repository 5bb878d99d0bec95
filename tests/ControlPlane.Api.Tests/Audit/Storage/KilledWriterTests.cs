using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit.Storage.Postgres;
using ControlPlane.Api.Audit.Storage.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class KilledWriterTests(PostgresServer server) : IDisposable
{
    private const int Kills = 8;
    private const int KillsBesideAnother = 4;
    private const int ProofOfLife = 100;

    /// <summary>In milliseconds. It writes all the while that others start, which then read, as does the check, all that it wrote.</summary>
    private const string PauseOfTheSurvivor = "100";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-killed-");
    private readonly List<Acknowledged> _acknowledged = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_writer_that_is_killed_again_and_again_loses_nothing_that_it_acknowledged()
    {
        for (var i = 0; i < Kills; i++)
        {
            await WriteUntilKilledAsync(new Random(i).Next(1, 400), _directory.FullName);
        }

        await CheckAsync(new SqliteAuditStore(Path.Combine(_directory.FullName, "audit.db")));
    }

    [Fact]
    public async Task Of_two_writers_to_one_log_one_is_killed_again_and_again_and_the_other_goes_on()
    {
        Assert.SkipWhen(PostgresServer.MissingBecause is not null, PostgresServer.MissingBecause ?? "");
        var database = server.ConnectionString(await server.CreateDatabaseAsync());
        await using var survivor = WriterProcess.Start(_directory.FullName, database, PauseOfTheSurvivor);
        for (var i = 0; i < KillsBesideAnother; i++)
        {
            _acknowledged.AddRange(await survivor.HearAsync(ProofOfLife, Cancel));
            await WriteUntilKilledAsync(new Random(i).Next(1, 400), _directory.FullName, database);
        }

        _acknowledged.AddRange(await survivor.HearAsync(ProofOfLife, Cancel));
        _acknowledged.AddRange(await survivor.KillAsync(Cancel));
        await CheckAsync(new PostgresAuditStore(database));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task WriteUntilKilledAsync(int lines, params string[] arguments)
    {
        await using var writer = WriterProcess.Start(arguments);
        _acknowledged.AddRange(await writer.HearAsync(lines, Cancel));
        _acknowledged.AddRange(await writer.KillAsync(Cancel));
    }

    private async Task CheckAsync(IAuditStore store)
    {
        await using var log = new TestLog(store, signer: new TestLog.FakeSigner { Key = NoteKeyFile.Read(Path.Combine(_directory.FullName, "audit.key")).Verifier.ToString() });
        await log.Sequencer.StartAsync(Cancel);
        var stored = await log.Reader.ReadAsync(0, long.MaxValue, Cancel).ToDictionaryAsync(static e => e.Index, cancellationToken: Cancel);

        Assert.True(_acknowledged.Count >= Kills);
        Assert.All(_acknowledged, told => Assert.Equal(
            (told.Id, told.Leaf), (AuditEntryReader.Read(stored[told.Index].Bytes).EventId, TreeHash.OfLeaf(stored[told.Index].Bytes.Span).ToString())));
        Assert.Equal(_acknowledged.Count, _acknowledged.Select(static told => told.Index).Distinct().Count());
        Assert.Equal(log.Reader.Size, stored.Count);
        Assert.Empty((await log.CheckAsync()).Findings);
        Assert.Empty(log.Alarms.Raised);
    }
}
