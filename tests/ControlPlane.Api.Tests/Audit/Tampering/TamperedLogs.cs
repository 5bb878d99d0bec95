using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Witnessing;
using Compliance.Retention;
using ControlPlane.Api.Audit.Storage.Sqlite;
using ControlPlane.Api.Tests.Audit.Storage;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>
/// Databases that the product wrote: a log with several checkpoints, a pruned prefix and some entries that no checkpoint covers yet; an old copy of it; one
/// that goes on otherwise after the auditor's checkpoint; and one that is written anew. The last two are what the holder of the key can make.
/// </summary>
public sealed class TamperedLogs : IAsyncLifetime
{
    /// <summary>Size of the auditor's checkpoint.</summary>
    public const long Held = 500;

    /// <summary>Index of the prune certificate.</summary>
    public const long Certificate = Held;

    /// <summary>Size of the newest checkpoint.</summary>
    public const long Signed = 700;

    /// <summary>Entries in all.</summary>
    public const long Size = 720;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-tampering-");

    public string Log => PathOf("log");

    public string OldCopy => PathOf("old");

    public string Fork => PathOf("fork");

    public string Rewritten => PathOf("rewritten");

    /// <summary>The checkpoint that the auditor kept.</summary>
    public string HeldCheckpoint { get; private set; } = "";

    /// <summary>The newest checkpoint, which the witness cosigned.</summary>
    public string NewestCheckpoint { get; private set; } = "";

    /// <summary>The newest checkpoint of the fork.</summary>
    public string ForkedCheckpoint { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await BeginAsync(Log);
        File.Copy(Log, Fork);
        await GoOnAsync(Log, 150);
        File.Copy(Log, OldCopy);
        NewestCheckpoint = await GoOnAsync(Log, 49, unsigned: 20);
        ForkedCheckpoint = await GoOnAsync(Fork, 219);
        var held = HeldCheckpoint;
        await BeginAsync(Rewritten);
        await GoOnAsync(Rewritten, 219);
        HeldCheckpoint = held;
    }

    /// <summary>A copy of a database, to be changed, in a directory of its own.</summary>
    public string CopyOf(string database)
    {
        var path = Path.Combine(_directory.CreateSubdirectory(Path.GetRandomFileName()).FullName, "audit.db");
        File.Copy(database, path);
        return path;
    }

    /// <summary>A witness that cosigned the newest checkpoint.</summary>
    internal async Task<CheckpointWitness> WitnessAsync()
    {
        var store = new WitnessMemory();
        await store.WriteAsync(TestLog.Key.Verifier.Name, SignedNote.Parse(NewestCheckpoint).Text, Cancel);
        return new CheckpointWitness(NoteSigner.Generate("witness.example/w1", SignatureType.CosignatureV1), [TestLog.Key.Verifier], store, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task BeginAsync(string path)
    {
        await using var log = await TestLog.OpenAsync(new SqliteAuditStore(path));
        await log.FillAsync(300);
        await log.Sequencer.CheckpointAsync(Cancel);
        await log.FillAsync(200);
        await log.Sequencer.CheckpointAsync(Cancel);
        HeldCheckpoint = (await log.Reader.LatestCheckpointAsync(Cancel))!;
        var certificate = new PruneCertificate(0, 256, TreeHash.Empty, new Dictionary<string, long> { ["test"] = 256 }).ToEvent(TestLog.Actor, "their time is over", log.Time.GetUtcNow());
        await log.Sequencer.PruneAsync(256, Assert.Single(await log.AppendAsync(certificate)).Index, Cancel);
        await log.Sequencer.CheckpointAsync(Cancel);
    }

    private static async Task<string> GoOnAsync(string path, int entries, int unsigned = 0)
    {
        await using var log = await TestLog.OpenAsync(new SqliteAuditStore(path));
        await log.FillAsync(entries);
        await log.Sequencer.CheckpointAsync(Cancel);
        if (unsigned > 0)
        {
            await log.FillAsync(unsigned);
            log.Signer.Refuses = new InvalidOperationException("these stay without a checkpoint");
        }

        return (await log.Reader.LatestCheckpointAsync(Cancel))!;
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, $"{name}.db");

    private sealed class WitnessMemory : IWitnessStore
    {
        private readonly Dictionary<string, string> _texts = [];

        public Task<string?> ReadAsync(string origin, CancellationToken cancellationToken) => Task.FromResult(_texts.GetValueOrDefault(origin));

        public Task WriteAsync(string origin, string text, CancellationToken cancellationToken)
        {
            _texts[origin] = text;
            return Task.CompletedTask;
        }
    }
}
