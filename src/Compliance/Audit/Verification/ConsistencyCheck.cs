using System.Text;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>The log only grew since the checkpoint that the auditor kept: nothing that it held then was changed, removed or moved.</summary>
internal static class ConsistencyCheck
{
    private const string Check = "older checkpoint";
    private const int Longest = 1 << 14;

    /// <param name="files">The package.</param>
    /// <param name="trust">Holds the older checkpoint.</param>
    /// <param name="checkpoint">The package's own; null when it does not hold.</param>
    /// <param name="computed">Root at the older size, if it followed from the entries.</param>
    /// <param name="findings">Receives what is found.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(
        PackageFiles files, PackageTrust trust, Checkpoint? checkpoint, TreeHash? computed, Findings findings, CancellationToken cancellationToken)
    {
        if (trust.OlderCheckpoint is null)
        {
            findings.Note(Check, "none was given: whoever holds the log's key could have written the whole log anew. Keep this package's data/checkpoint for next time");
            return;
        }

        var older = Checkpoint.Open(SignedNote.Parse(trust.OlderCheckpoint), trust.Log);
        if (checkpoint is null)
        {
            findings.LeaveUnchecked(Check, "the package has no checkpoint that holds");
        }
        else if (older.Size > checkpoint.Size)
        {
            findings.Fail(Check, $"you hold one of {older.Size} entries, the package's has only {checkpoint.Size}: entries were cut off, or an old state is passed off as the newest", checkpoint.Size);
        }
        else if (older.Size == checkpoint.Size)
        {
            Judge(older.Root == checkpoint.Root, older, checkpoint, findings);
        }
        else if (await ReadProofAsync(files, older.Size, cancellationToken) is { } proof)
        {
            Judge(MerkleProof.IsConsistent(older.Size, older.Root, checkpoint.Size, checkpoint.Root, proof), older, checkpoint, findings);
        }
        else if (computed is { } root)
        {
            Judge(root == older.Root, older, checkpoint, findings);
        }
        else
        {
            findings.LeaveUnchecked(Check, $"the package has no consistency proof from size {older.Size}: ask for an export that is given your checkpoint");
        }
    }

    private static void Judge(bool holds, Checkpoint older, Checkpoint checkpoint, Findings findings)
    {
        if (holds)
        {
            findings.Pass(Check, $"the {older.Size} entries that you knew of are unchanged among the {checkpoint.Size} of now");
        }
        else
        {
            findings.Fail(Check, $"the log is not the one that you knew at size {older.Size}: it was rewritten, or you are shown a fork. Both checkpoints are signed: keep them as proof");
        }
    }

    private static async Task<IReadOnlyList<TreeHash>?> ReadProofAsync(PackageFiles files, long olderSize, CancellationToken cancellationToken)
    {
        var text = await files.ReadAsync(PackageLayout.Consistency, Longest, cancellationToken);
        return text is not null && ConsistencyProof.Read(Encoding.UTF8.GetString(text)) is var proof && proof.OldSize == olderSize ? proof.Hashes : null;
    }
}
