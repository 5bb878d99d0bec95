using System.Text;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using Compliance.Retention;
using ControlPlane.Api.Audit.Storage.Postgres;
using ControlPlane.Api.Audit.Storage.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class PersonalVaultTests(PostgresServer server) : IDisposable
{
    private const string Address = "203.0.113.77-secret-address";

    private static readonly DateTimeOffset Later = RetainedLog.Start.AddDays(400); // CERT-In's 180 days and the year of DPDP rule 6(1)(e) are over

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-vault-");

    private string? _connection;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_datum_is_revealed_until_its_subject_is_erased_and_entries_and_exports_still_verify(bool postgres)
    {
        await using var log = await RetainedLog.OpenAsync(await StoreAsync(postgres));
        await log.Log.AppendAsync(log.Log.Event() with { PersonalData = [new PersonalDatum("u-1", "actor.address", Address), new PersonalDatum("u-2", "actor.email", "a@b.example")] });
        var commitments = (await EntryAsync(log, 0)).Commitments.Select(static c => new CommitmentReference(c.Subject, c.Field, c.Digest)).ToList();
        Assert.Equal(Address, await log.Personal.RevealAsync(commitments[0], Cancel));
        await log.AfterAsync(Later);

        var certificate = await EraseAsync(log);

        Assert.Equal((1L, 0L, "request 12"), (certificate.Erased, certificate.Kept, certificate.Reference));
        Assert.True(certificate.Covers(0));
        Assert.Null(await log.Personal.RevealAsync(commitments[0], Cancel));
        Assert.Equal("a@b.example", await log.Personal.RevealAsync(commitments[1], Cancel));
        Assert.Empty((await log.Log.CheckAsync()).Findings);
        Assert.True((await log.VerifyExportAsync(new AuditQuery())).Passed);
        Assert.Equal(
            [(AuditOutcome.Attempted, "u-1"), (AuditOutcome.Succeeded, "u-1")],
            new[] { await EntryAsync(log, 1), await EntryAsync(log, 2) }.Select(static e => (e.Outcome!.Value, e.Object!.Name)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_law_wants_kept_stays_under_another_key_and_goes_by_itself_when_its_time_is_over(bool postgres)
    {
        await using var log = await RetainedLog.OpenAsync(await StoreAsync(postgres));
        await log.Log.AppendAsync(log.Log.Event() with { PersonalData = [new PersonalDatum("u-1", "actor.address", "192.0.2.1")] });
        await log.AfterAsync(RetainedLog.Start.AddDays(150));
        await log.Log.AppendAsync(log.Log.Event() with { PersonalData = [new PersonalDatum("u-1", "actor.address", "192.0.2.2")] });
        var young = (await EntryAsync(log, 1)).Commitments[0];
        await log.AfterAsync(RetainedLog.Start.AddDays(367));

        var first = await EraseAsync(log);

        Assert.Equal((1L, 1L), (first.Erased, first.Kept));
        Assert.Equal((true, false), (first.Covers(0), first.Covers(1)));
        Assert.Equal((new DateOnly(2028, 4, 27), "dpdp-processing-logs"), (first.MoreOn, Assert.Single(first.KeptBy)));
        Assert.Equal("192.0.2.2", await log.Personal.RevealAsync(new CommitmentReference(young.Subject, young.Field, young.Digest), Cancel));
        Assert.Equal(0, await log.Erasure.GoOnAsync(TestLog.Actor, Cancel));

        await log.AfterAsync(RetainedLog.Start.AddDays(150 + 367));
        await log.Log.AppendAsync(log.Log.Event() with { PersonalData = [new PersonalDatum("u-1", "actor.address", "192.0.2.3")] });
        Assert.Equal(1, await log.Erasure.GoOnAsync(TestLog.Actor, Cancel));
        Assert.Null(await log.Personal.RevealAsync(new CommitmentReference(young.Subject, young.Field, young.Digest), Cancel));
        Assert.Single(await log.Personal.DigestsAsync("u-1", Cancel)); // what came after the request is none of its
        Assert.Equal(0, await log.Erasure.GoOnAsync(TestLog.Actor, Cancel));
    }

    [Fact]
    public async Task A_legal_hold_keeps_personal_data_until_it_is_released()
    {
        await using var log = await RetainedLog.OpenAsync();
        await log.Log.AppendAsync(log.Log.Event(name: "disputed") with { PersonalData = [new PersonalDatum("u-1", "actor.address", "192.0.2.1")] });
        await log.Log.AppendAsync(log.Log.Event() with { PersonalData = [new PersonalDatum("u-1", "actor.address", "192.0.2.2")] });
        await log.PlaceHoldAsync(new AuditQuery { ObjectName = "disputed" });
        await log.AfterAsync(Later);

        var first = await EraseAsync(log);

        Assert.Equal((1L, 1L, "case 7"), (first.Erased, first.Kept, Assert.Single(first.KeptBy)));
        Assert.Null(first.MoreOn);
        await log.ReleaseHoldAsync();
        Assert.Equal(1, await log.Erasure.GoOnAsync(TestLog.Actor, Cancel));
        Assert.Empty(await log.Personal.DigestsAsync("u-1", Cancel));
    }

    [Fact]
    public async Task One_that_was_broken_off_is_done_again()
    {
        await using var log = await RetainedLog.OpenAsync();
        await log.Log.AppendAsync(log.Log.Event() with { PersonalData = [new PersonalDatum("u-1", "actor.address", Address)] });
        await log.AfterAsync(Later);
        log.Use(new DyingLog(log.Log.Sequencer));
        await Assert.ThrowsAsync<AuditUnavailableException>(() => EraseAsync(log));

        log.Use(log.Log.Sequencer);

        Assert.Equal(1, await log.Erasure.GoOnAsync(TestLog.Actor, Cancel));
        Assert.Empty(await log.Personal.DigestsAsync("u-1", Cancel));
    }

    [Fact]
    public async Task From_a_log_that_somebody_changed_nothing_is_erased()
    {
        await using var log = await RetainedLog.OpenAsync();
        await log.Log.AppendAsync(log.Log.Event() with { PersonalData = [new PersonalDatum("u-1", "actor.address", Address)] });
        await log.AfterAsync(Later);
        log.Prunable = new Changed(log.Prunable);
        log.Use(log.Log.Sequencer);

        await Assert.ThrowsAsync<RetentionException>(() => EraseAsync(log));

        Assert.Single(await log.Personal.DigestsAsync("u-1", Cancel));
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

        Assert.True(await store.TryReplaceAsync("u-1", new SeenRecords(key, Count: 1), key: null, [], Cancel));

        Assert.False(Holds(key) || Holds(datum) || Holds(key[28..]) || Holds(datum[28..]));

        bool Holds(byte[] bytes) => _directory.EnumerateFiles("personal.db*").Any(file => Contents(file).AsSpan().IndexOf(bytes) >= 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task People_are_found_by_what_is_kept_of_them_however_many_there_are(bool postgres)
    {
        await using var store = await StoreAsync(postgres);
        using var records = new PersonalRecords(store, () => new byte[32]);
        await records.KeepAsync([.. Enumerable.Range(0, 1201).Select(static i => PersonalCommitment.To(new PersonalDatum($"u-{i}", "customer.email", $"Customer{i}@example.com")))], Cancel);

        Assert.Equal(["u-1200"], await records.FindSubjectsAsync("customer1200@example.com", Cancel));
        Assert.Empty(await records.FindSubjectsAsync("customer", Cancel));
        Assert.Equal("Customer7@example.com", await records.FindDatumAsync("u-7", "customer.email", Cancel));
        Assert.Null(await records.FindDatumAsync("u-7", "customer.name", Cancel));
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
            await (i % 6 == 1 ? first.EraseAsync(commitment.Datum.Subject, new HashSet<string> { Convert.ToHexStringLower(commitment.Digest) }, Cancel) : Task.FromResult(0));
        }));
        for (var i = 0; i < commitments.Count; i++)
        {
            var reference = new CommitmentReference(commitments[i].Datum.Subject, commitments[i].Datum.Field, Convert.ToHexStringLower(commitments[i].Digest));
            Assert.Equal(i % 6 == 1 ? null : $"v-{i}", await second.RevealAsync(reference, Cancel)); // what is kept is sealed anew, and what the other adds meanwhile is not lost
        }
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

    private static Task<ErasureCertificate> EraseAsync(RetainedLog log) =>
        log.Erasure.EraseAsync(new ErasureRequest("u-1", "request 12", "she asked for it"), TestLog.Actor, correlationId: null, Cancel);

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

    private static async Task<AuditEntryRecord> EntryAsync(RetainedLog log, long index) =>
        AuditEntryReader.Read((await log.Log.Reader.ReadAsync(index, index + 1, Cancel).ToListAsync(Cancel))[0].Bytes);

    private static byte[] Contents(FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>Takes the attempt, and is gone before the certificate.</summary>
    private sealed class DyingLog(IAuditLog log) : IAuditLog
    {
        public Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken) =>
            events[0].Outcome == AuditOutcome.Attempted ? log.AppendAsync(events, cancellationToken) : throw new AuditUnavailableException("gone");
    }

    private sealed class Changed(IPrunableLog log) : IPrunableLog
    {
        public long PrunedTo => log.PrunedTo;

        public long SignedSize => log.SignedSize;

        public Task RefreshAsync(CancellationToken cancellationToken) => log.RefreshAsync(cancellationToken);

        public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(["entry 3 is not what was recorded"]);

        public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => log.PruneAsync(end, certificate, cancellationToken);
    }
}
