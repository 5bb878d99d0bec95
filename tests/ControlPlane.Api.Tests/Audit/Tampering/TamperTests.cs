using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Searching;
using Compliance.Audit.Verification;
using Compliance.Audit.Witnessing;
using Compliance.Retention;
using ControlPlane.Api.Tests.Audit.Storage;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>Everything that can be done to a log's database is noticed by exactly those whom the catalogue names, whichever database it is.</summary>
public abstract class TamperTests(TamperedLogs logs)
{
    private const Detectors Inside = Detectors.NextStart | Detectors.SelfCheck | Detectors.Verifier;

    private const Detectors Outside = Detectors.OlderCheckpoint | Detectors.Witness;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> FoundFromInside() => Named(static found => (found & Inside) != Detectors.None);

    public static TheoryData<string> FoundFromOutside() => Named(static found => (found & Inside) == Detectors.None && (found & Outside) != Detectors.None);

    public static TheoryData<string> FoundByNobody() => Named(static found => (found & (Inside | Outside)) == Detectors.None);

    [Theory]
    [MemberData(nameof(FoundFromInside))]
    public Task Found_whoever_did_it(string what) => AssertAsync(what);

    [Theory]
    [MemberData(nameof(FoundFromOutside))]
    public Task Not_found_after_a_restart_without_a_witness_or_an_older_checkpoint(string what) => AssertAsync(what);

    [Theory]
    [MemberData(nameof(FoundByNobody))]
    public Task Not_found_after_a_restart_by_anybody(string what) => AssertAsync(what);

    [Fact]
    public async Task A_log_that_nobody_touched_is_found_whole()
    {
        var detection = await Detection.OfAsync(new Tamper("does nothing", Detectors.None, static (_, _) => { }), logs);

        Assert.Equal(Detectors.None, detection.Found);
    }

    [Fact]
    public async Task A_fork_shows_when_two_auditors_compare_their_checkpoints_or_a_witness_cosigned_one()
    {
        var own = await PackageAsync(await logs.CopyAsync(logs.Log));
        var fork = await PackageAsync(await logs.CopyAsync(logs.Fork));

        Assert.True((await VerifyAsync(own, null)).Passed);
        Assert.True((await VerifyAsync(fork, null)).Passed); // each for itself is a true log
        Assert.Contains("fork", (await VerifyAsync(fork, logs.NewestCheckpoint)).Failure!.Message, StringComparison.Ordinal);
        Assert.NotNull((await VerifyAsync(own, logs.ForkedCheckpoint)).Failure);
        using var witness = await logs.WitnessAsync();
        Assert.NotEqual(
            WitnessOutcome.Cosigned,
            (await witness.AddAsync(new WitnessRequest(TamperedLogs.Signed, [], SignedNote.Parse(logs.ForkedCheckpoint)).Write(), Cancel)).Outcome);
    }

    [Fact]
    public async Task A_replayed_old_checkpoint_shows_only_to_who_holds_a_newer_one()
    {
        var package = await PackageAsync(await logs.CopyAsync(logs.Log), checkpoint: logs.HeldCheckpoint);

        Assert.Null((await VerifyAsync(package, null)).Failure);
        Assert.Equal(TamperedLogs.Held, (await VerifyAsync(package, logs.NewestCheckpoint)).Failure!.Index);
    }

    [Fact]
    public async Task A_search_index_from_which_an_entry_was_removed_is_found()
    {
        var name = await logs.NewAsync();
        await using var log = await TestLog.OpenAsync(logs.Store(name));
        await log.FillAsync(256);
        var certificate = new PruneCertificate(0, 256, TreeHash.Empty, new Dictionary<string, long>()).ToEvent(TestLog.Actor, "their time is over", log.Time.GetUtcNow());
        await log.Sequencer.PruneAsync(256, Assert.Single(await log.AppendAsync(certificate)).Index, Cancel);
        await log.FillAsync(Posting.SegmentLength); // so that the first segment is finished, and in the store
        Assert.Empty((await log.CheckAsync()).Findings); // of a segment that was pruned in part, too

        using (var database = logs.Own(name))
        {
            database.Run("DELETE FROM posting WHERE term = (SELECT min(term) FROM posting)");
        }

        Assert.StartsWith("the search index does not lead to entry ", Assert.Single((await log.CheckAsync()).Findings), StringComparison.Ordinal);
    }

    private async Task AssertAsync(string what)
    {
        var tamper = TamperCatalogue.All.Single(tamper => tamper.What == what);

        var detection = await Detection.OfAsync(tamper, logs);

        Assert.True(tamper.FoundBy == detection.Found, $"somebody {what}: to be found by {tamper.FoundBy}, was found by {detection.Found}{Environment.NewLine}{detection.Reasons}");
    }

    private static TheoryData<string> Named(Func<Detectors, bool> wanted) => [.. TamperCatalogue.All.Where(tamper => wanted(tamper.FoundBy)).Select(static tamper => tamper.What)];

    private async Task<string> PackageAsync(string name, string? checkpoint = null)
    {
        await using var log = await TestLog.OpenAsync(logs.Store(name));
        log.Signer.Refuses = new InvalidOperationException("it only reads");
        var folder = Path.Combine(logs.NewFolder(), "package");
        var request = new ExportRequest { Query = new AuditQuery(), ExporterId = "u-1", SoftwareVersion = "0", Checkpoint = checkpoint };
        await ExportPackageWriter.WriteAsync(request, log.Reader, new ExportKeys(TestLog.Key, []), folder, progress: null, Cancel);
        return folder;
    }

    private static async Task<VerificationReport> VerifyAsync(string package, string? held)
    {
        using var files = PackageFiles.Open(package);
        return await PackageVerifier.VerifyAsync(files, new PackageTrust(TestLog.Key.Verifier) { OlderCheckpoint = held }, progress: null, Cancel);
    }
}
