using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Personal;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Verification;
using Compliance.Retention;
using ControlPlane.Api.Audit.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>A log on disk with all that removes from it, and a clock that leaps over years.</summary>
internal sealed class RetainedLog : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-retained-");
    private readonly IPersonalStore _store;

    private RetainedLog(IPersonalStore? store, IAuditStore? audit)
    {
        _store = store ?? new SqlitePersonalStore(Path.Combine(_directory.FullName, "personal.db"));
        Personal = new PersonalRecords(_store, () => audit is null ? MasterKeyFile.LoadOrCreate(Path.Combine(_directory.FullName, "personal.key")) : new byte[32]);
        Log = new TestLog(audit ?? new SqliteAuditStore(DatabasePath), Personal, time: new FakeTimeProvider(Start));
        Prunable = new SequencedLog(Log.Sequencer, Log.Store, Log.Time);
        Policy = new RetentionPolicy(RetentionRules.LoadShipped());
        Use(Log.Sequencer);
    }

    public TestLog Log { get; }

    public PersonalRecords Personal { get; }

    public RetentionPolicy Policy { get; }

    public IPrunableLog Prunable { get; set; }

    public RetentionLedger Ledger { get; private set; } = null!;

    public AuditPruner Pruner { get; private set; } = null!;

    public ErasurePlanner Planner { get; private set; } = null!;

    public PersonalErasure Erasure { get; private set; } = null!;

    public string DatabasePath => Path.Combine(_directory.FullName, "audit.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens one, in files of its own or in stores that others have as well.</summary>
    public static async Task<RetainedLog> OpenAsync(IPersonalStore? store = null, IAuditStore? audit = null)
    {
        var log = new RetainedLog(store, audit);
        await log.Log.Sequencer.StartAsync(Cancel);
        return log;
    }

    /// <summary>Puts all together anew, with another way into the log: what was read before is read again.</summary>
    public void Use(IAuditLog log)
    {
        Ledger = new RetentionLedger(Log.Reader, Prunable);
        Pruner = new AuditPruner(log, Log.Reader, Prunable, Ledger, Personal, Policy, Log.Time);
        Planner = new ErasurePlanner(Log.Reader, Ledger, Personal, Policy, Log.Time);
        Erasure = new PersonalErasure(Personal, Planner, log, Log.Reader, Prunable, Log.Time);
    }

    /// <summary>Lets years pass, without their ticks, and signs what there is.</summary>
    public Task AfterYearsAsync(int years) => AfterAsync(Log.Time.GetUtcNow().AddYears(years));

    public async Task AfterAsync(DateTimeOffset time)
    {
        Log.Time.AdjustTime(time);
        await Log.Sequencer.CheckpointAsync(Cancel);
    }

    public Task PlaceHoldAsync(AuditQuery scope, string id = "hold_1", string reference = "case 7") =>
        Log.AppendAsync(LegalHold.Place(id, reference, scope, "a proceeding", TestLog.Actor, correlationId: null, Log.Time.GetUtcNow()));

    public Task ReleaseHoldAsync(string id = "hold_1") => Log.AppendAsync(LegalHold.ReleaseOf(id, "it is over", TestLog.Actor, "u-2", correlationId: null, Log.Time.GetUtcNow()));

    /// <summary>Makes a package of entries, and has the auditor's verifier look at it.</summary>
    public async Task<VerificationReport> VerifyExportAsync(AuditQuery query)
    {
        await Log.Sequencer.CheckpointAsync(Cancel);
        var package = Path.Combine(_directory.FullName, Guid.NewGuid().ToString("N"));
        var request = new ExportRequest { Query = query, ExporterId = "u-1", SoftwareVersion = "test" };
        await ExportPackageWriter.WriteAsync(request, Log.Reader, new ExportKeys(TestLog.Key, []), package, progress: null, Cancel);
        using var files = PackageFiles.Open(package);
        return await PackageVerifier.VerifyAsync(files, new PackageTrust(TestLog.Key.Verifier), progress: null, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        Ledger.Dispose();
        Personal.Dispose();
        await _store.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
