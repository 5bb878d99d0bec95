using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Witnessing;
using Compliance.Retention;
using ControlPlane.Api.Tests.Audit.Storage;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>
/// Databases that the product wrote: a log with several checkpoints, a pruned prefix and some entries that no checkpoint covers yet; an old copy of it; one
/// that goes on otherwise after the auditor's checkpoint; and one that is written anew. The last two are what the holder of the key can make.
/// </summary>
public abstract class TamperedLogs : IAsyncLifetime
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

    public string Log { get; private set; } = "";

    public string OldCopy { get; private set; } = "";

    public string Fork { get; private set; } = "";

    public string Rewritten { get; private set; } = "";

    /// <summary>The checkpoint that the auditor kept.</summary>
    public string HeldCheckpoint { get; private set; } = "";

    /// <summary>The newest checkpoint, which the witness cosigned.</summary>
    public string NewestCheckpoint { get; private set; } = "";

    /// <summary>The newest checkpoint of the fork.</summary>
    public string ForkedCheckpoint { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Log = await BeginAsync();
        Fork = await CopyAsync(Log);
        await GoOnAsync(Log, 150);
        OldCopy = await CopyAsync(Log);
        NewestCheckpoint = await GoOnAsync(Log, 49, unsigned: 20);
        ForkedCheckpoint = await GoOnAsync(Fork, 219);
        var held = HeldCheckpoint;
        Rewritten = await BeginAsync();
        await GoOnAsync(Rewritten, 219);
        HeldCheckpoint = held;
    }

    /// <summary>Name of a log that was not begun yet.</summary>
    public abstract Task<string> NewAsync();

    /// <summary>A copy of a log that nobody has open, to be changed.</summary>
    public abstract Task<string> CopyAsync(string log);

    /// <summary>An empty folder.</summary>
    public string NewFolder() => _directory.CreateSubdirectory(Path.GetRandomFileName()).FullName;

    /// <summary>Where the product has a log.</summary>
    internal abstract IAuditStore Store(string log);

    /// <summary>A log's database, past the product.</summary>
    internal abstract TamperedDatabase Own(string log);

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
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task<string> BeginAsync()
    {
        var name = await NewAsync();
        await using var log = await TestLog.OpenAsync(Store(name));
        await log.FillAsync(300);
        await log.Sequencer.CheckpointAsync(Cancel);
        await log.FillAsync(200);
        await log.Sequencer.CheckpointAsync(Cancel);
        HeldCheckpoint = (await log.Reader.LatestCheckpointAsync(Cancel))!;
        var certificate = new PruneCertificate(0, 256, TreeHash.Empty, new Dictionary<string, long> { ["test"] = 256 }).ToEvent(TestLog.Actor, "their time is over", log.Time.GetUtcNow());
        await log.Sequencer.PruneAsync(256, Assert.Single(await log.AppendAsync(certificate)).Index, Cancel);
        await log.Sequencer.CheckpointAsync(Cancel);
        return name;
    }

    private async Task<string> GoOnAsync(string name, int entries, int unsigned = 0)
    {
        await using var log = await TestLog.OpenAsync(Store(name));
        await log.FillAsync(entries);
        await log.Sequencer.CheckpointAsync(Cancel);
        if (unsigned > 0)
        {
            await log.FillAsync(unsigned);
            log.Signer.Refuses = new InvalidOperationException("these stay without a checkpoint");
        }

        return (await log.Reader.LatestCheckpointAsync(Cancel))!;
    }

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
