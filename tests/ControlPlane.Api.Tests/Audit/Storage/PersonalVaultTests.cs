using System.Text;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using ControlPlane.Api.Audit.Storage.Postgres;
using ControlPlane.Api.Audit.Storage.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class PersonalVaultTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Address = "203.0.113.77-secret-address";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-vault-");

    private string? _connection;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_datum_is_revealed_until_its_subject_is_erased_and_the_entries_still_verify(bool postgres)
    {
        await using var store = await StoreAsync(postgres);
        using var records = new PersonalRecords(store, () => MasterKeyFile.LoadOrCreate(Path.Combine(_directory.FullName, "personal.key")));
        await using var log = await TestLog.OpenAsync(new SqliteAuditStore(Path.Combine(_directory.FullName, "audit.db")), records);
        var vault = new PersonalVault(records, log.Sequencer, log.Time);
        await log.AppendAsync(log.Event() with { PersonalData = [new PersonalDatum("u-1", "actor.address", Address), new PersonalDatum("u-2", "actor.email", "a@b.example")] });
        var commitments = (await EntryAsync(log, 0)).Commitments.Select(static c => new CommitmentReference(c.Subject, c.Field, c.Digest)).ToList();
        Assert.Equal(Address, await vault.RevealAsync(commitments[0], Cancel));

        Assert.Equal(1, await vault.EraseAsync("u-1", TestLog.Actor, "she asked for it", Cancel));

        Assert.Null(await vault.RevealAsync(commitments[0], Cancel));
        Assert.Equal("a@b.example", await vault.RevealAsync(commitments[1], Cancel));
        Assert.Empty((await log.CheckAsync()).Findings);
        Assert.Equal(
            [(AuditOutcome.Attempted, "u-1"), (AuditOutcome.Succeeded, "u-1")],
            new[] { await EntryAsync(log, 1), await EntryAsync(log, 2) }.Select(static e => (e.Outcome!.Value, e.Object!.Name)));
    }

    [Fact]
    public async Task After_an_erasure_nothing_of_the_datum_or_its_key_is_left_in_the_files()
    {
        await using var store = new SqlitePersonalStore(Path.Combine(_directory.FullName, "personal.db"));
        using var records = new PersonalRecords(store, () => new byte[32]);
        var commitment = PersonalCommitment.To(new PersonalDatum("u-1", "actor.address", Address));
        await records.KeepAsync([commitment, .. Enumerable.Range(2, 50).Select(static i => PersonalCommitment.To(new PersonalDatum($"u-{i}", "f", $"v-{i}")))], Cancel);
        var key = (await store.ReadKeyAsync("u-1", Cancel))!;
        var datum = (await store.ReadAsync("u-1", commitment.Digest, Cancel))!;
        Assert.True(Holds(key) && Holds(datum));
        Assert.False(Holds(Encoding.UTF8.GetBytes(Address)) || Holds(commitment.Salt));

        await using var log = await TestLog.OpenAsync(new SqliteAuditStore(Path.Combine(_directory.FullName, "audit.db")));
        await new PersonalVault(records, log.Sequencer, log.Time).EraseAsync("u-1", TestLog.Actor, "she asked for it", Cancel);

        Assert.False(Holds(key) || Holds(datum) || Holds(key[28..]) || Holds(datum[28..]));

        bool Holds(byte[] bytes) => _directory.EnumerateFiles("personal.db*").Any(file => Contents(file).AsSpan().IndexOf(bytes) >= 0);
    }

    [Fact]
    public async Task Two_processes_keep_and_erase_data_of_the_same_subjects_at_the_same_time()
    {
        await using var store = await StoreAsync(postgres: true);
        await using var otherStore = new PostgresPersonalStore(_connection!);
        using var first = new PersonalRecords(store, () => new byte[32]);
        using var second = new PersonalRecords(otherStore, () => new byte[32]);
        var commitments = Enumerable.Range(0, 60).Select(static i => PersonalCommitment.To(new PersonalDatum($"u-{i / 6}", $"f-{i}", $"v-{i}"))).ToList();

        await Task.WhenAll(commitments.Select(async (commitment, i) =>
        {
            await Task.Yield();
            await (i % 2 == 0 ? first : second).KeepAsync([commitment], Cancel);
            await (i % 20 == 7 ? store.EraseAsync(commitment.Datum.Subject, Cancel) : Task.FromResult(0));
        }));
        foreach (var commitment in commitments)
        {
            var revealed = await second.RevealAsync(new CommitmentReference(commitment.Datum.Subject, commitment.Datum.Field, Convert.ToHexStringLower(commitment.Digest)), Cancel);
            Assert.Contains(revealed, (string?[])[null, commitment.Datum.Value]); // erased, or there; never sealed under a key that is gone
        }

        Assert.Equal("v-59", await first.RevealAsync(new CommitmentReference("u-9", "f-59", Convert.ToHexStringLower(commitments[59].Digest)), Cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vault_is_bound_to_its_master_key_and_a_process_with_another_is_told_so_before_it_takes_anything(bool postgres)
    {
        await using var store = await StoreAsync(postgres);
        using var rightful = new PersonalRecords(store, () => new byte[32]);
        await rightful.OpenAsync(Cancel);
        await rightful.OpenAsync(Cancel);
        using var stranger = new PersonalRecords(store, () => [.. Enumerable.Repeat((byte)1, 32)]);

        await using var log = await TestLog.OpenAsync(new SqliteAuditStore(Path.Combine(_directory.FullName, "audit.db")), stranger);

        Assert.Contains("personal.key", (await Assert.ThrowsAsync<AuditUnavailableException>(() => log.AppendAsync(log.Event()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_start_at_once_make_one_master_key()
    {
        var path = Path.Combine(_directory.FullName, "personal.key");

        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            await Task.Yield();
            return Convert.ToHexString(MasterKeyFile.LoadOrCreate(path));
        }));

        Assert.Single(keys.Distinct());
        Assert.Equal([path], Directory.GetFiles(_directory.FullName));
    }

    [Fact]
    public void A_master_key_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        var path = Path.Combine(_directory.FullName, "personal.key");
        var key = MasterKeyFile.LoadOrCreate(path);
        Assert.Equal(key, MasterKeyFile.LoadOrCreate(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains("mode to 600", Assert.Throws<AuditUnavailableException>(() => MasterKeyFile.LoadOrCreate(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<IPersonalStore> StoreAsync(bool postgres)
    {
        if (!postgres)
        {
            return new SqlitePersonalStore(Path.Combine(_directory.FullName, "personal.db"));
        }

        if (PostgresServer.MissingBecause is { } reason)
        {
            Assert.Skip(reason);
        }

        _connection = server.ConnectionString(await server.CreateDatabaseAsync());
        return new PostgresPersonalStore(_connection);
    }

    private static async Task<AuditEntryRecord> EntryAsync(TestLog log, long index) => AuditEntryReader.Read((await log.Reader.ReadAsync(index, index + 1, Cancel).ToListAsync(Cancel))[0].Bytes);

    private static byte[] Contents(FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
