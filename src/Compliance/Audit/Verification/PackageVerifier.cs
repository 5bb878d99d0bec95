using Compliance.Audit.Notes;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>
/// Verifies an export with nothing but what the auditor holds: no network, no database, memory that does not grow with the rows. Each check goes on
/// where another failed, so that the report says all that is wrong.
/// </summary>
public static class PackageVerifier
{
    /// <summary>Verifies a package.</summary>
    /// <param name="files">The package.</param>
    /// <param name="trust">What it is held against.</param>
    /// <param name="progress">Told about every thousand entries.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<VerificationReport> VerifyAsync(PackageFiles files, PackageTrust trust, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(trust);
        var findings = new Findings();
        await findings.TryAsync("files", () => BagCheck.RunAsync(files, findings, cancellationToken));
        await findings.TryAsync("signature of the package", () => SealCheck.RunAsync(files, trust.Log, findings, cancellationToken));

        Checkpoint? checkpoint = null;
        TreeHash? older = null;
        await findings.TryAsync("checkpoint", async () => checkpoint = await CheckpointCheck.RunAsync(files, trust, findings, cancellationToken));
        await findings.TryAsync("entries", async () =>
        {
            var watched = trust.OlderCheckpoint is null ? null : (long?)Checkpoint.Open(SignedNote.Parse(trust.OlderCheckpoint), trust.Log).Size;
            older = await EntriesCheck.RunAsync(files, checkpoint, watched, findings, progress, cancellationToken);
        });
        await findings.TryAsync("older checkpoint", () => ConsistencyCheck.RunAsync(files, trust, checkpoint, older, findings, cancellationToken));
        return new VerificationReport(findings.All);
    }
}
