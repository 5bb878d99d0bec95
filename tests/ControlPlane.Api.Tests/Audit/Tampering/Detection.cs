using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.SelfChecking;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Tiles;
using Compliance.Audit.Verification;
using Compliance.Audit.Witnessing;
using ControlPlane.Api.Tests.Audit.Storage;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>Changes a copy of the log past it, lets everybody look who might notice, and says who did and why.</summary>
internal sealed class Detection(TamperedLogs logs)
{
    private readonly List<string> _reasons = [];
    private Detectors _found;

    public Detectors Found => _found;

    public string Reasons => string.Join(Environment.NewLine, _reasons);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Detection> OfAsync(Tamper tamper, TamperedLogs logs)
    {
        var detection = new Detection(logs);
        var name = await logs.CopyAsync(logs.Log);
        await using (var running = await TestLog.OpenAsync(logs.Store(name)))
        {
            running.Signer.Refuses = new InvalidOperationException("nothing is signed while it is changed");
            using (var database = logs.Own(name))
            {
                tamper.Do(database, logs);
            }

            var report = await new LiveCheck(running.Sequencer, running.Store, running.Time).RunAsync(from: 0, static _ => Task.CompletedTask, Cancel); // as the product does
            detection.Note(Detectors.RunningProcess, [.. report.Findings, .. Told(running)]);
        }

        await using var next = await TestLog.OpenAsync(logs.Store(name));
        detection.Note(Detectors.NextStart, Told(next));
        if (next.Reader.Size > 0) // a log that takes nothing can be read all the same, as far as it is there
        {
            detection.Note(Detectors.SelfCheck, (await next.CheckAsync()).Findings);
            await detection.VerifyAsync(next.Reader, Path.Combine(logs.NewFolder(), "package"));
        }

        if (next.Sequencer.Health.ClosedBecause is null)
        {
            await detection.AskWitnessAsync(next);
        }

        return detection;
    }

    private async Task VerifyAsync(IAuditReader reader, string folder)
    {
        try
        {
            var request = new ExportRequest { Query = new AuditQuery(), ExporterId = "u-1", SoftwareVersion = "0", OlderCheckpoint = logs.HeldCheckpoint };
            await ExportPackageWriter.WriteAsync(request, reader, new ExportKeys(TestLog.Key, []), folder, progress: null, Cancel);
        }
        catch (NoteException refusal)
        {
            Note(Detectors.Verifier, [$"no export can be made: {refusal.Message}"]);
            return;
        }

        using var files = PackageFiles.Open(folder);
        var alone = await PackageVerifier.VerifyAsync(files, new PackageTrust(TestLog.Key.Verifier), progress: null, Cancel);
        Note(Detectors.Verifier, NotPassed(alone.Findings));
        var held = await PackageVerifier.VerifyAsync(files, new PackageTrust(TestLog.Key.Verifier) { OlderCheckpoint = logs.HeldCheckpoint }, progress: null, Cancel);
        Note(Detectors.OlderCheckpoint, NotPassed(held.Findings.Where(static finding => finding.Check == "older checkpoint")));
    }

    /// <summary>The log goes on past the size that the witness knows, and signs.</summary>
    private async Task AskWitnessAsync(TestLog log)
    {
        await log.FillAsync(100);
        await log.Sequencer.CheckpointAsync(Cancel);
        var note = SignedNote.Parse((await log.Reader.LatestCheckpointAsync(Cancel))!);
        var proof = await new TiledTree(log.Reader, Checkpoint.Parse(note.Text).Size).ProveConsistencyAsync(TamperedLogs.Signed, Cancel);
        using var witness = await logs.WitnessAsync();
        var answer = await witness.AddAsync(new WitnessRequest(TamperedLogs.Signed, proof, note).Write(), Cancel);
        Note(Detectors.Witness, answer.Outcome == WitnessOutcome.Cosigned ? [] : [answer.Text]);
    }

    /// <summary>What the log raised an alarm about, and closed for.</summary>
    private static List<string> Told(TestLog log) =>
        [.. log.Alarms.Raised.Where(static alarm => alarm.Kind is AuditAlarmKind.Tampered or AuditAlarmKind.Closed).Select(static alarm => alarm.Message)];

    private static List<string> NotPassed(IEnumerable<Finding> findings) =>
        [.. findings.Where(static finding => finding.Kind is FindingKind.Failed or FindingKind.Unchecked).Select(static finding => $"{finding.Check} {finding.Index}: {finding.Message}")];

    private void Note(Detectors detector, IReadOnlyList<string> reasons)
    {
        if (reasons.Count > 0)
        {
            _found |= detector;
            _reasons.AddRange(reasons.Select(reason => $"{detector}: {reason}"));
        }
    }
}
