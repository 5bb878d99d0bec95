using System.Globalization;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Tiles;
using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit.Verification;

/// <summary>
/// Verifies an entry against the newest checkpoint: hash, way up the tree, signatures. It runs in the process that keeps the log, so it shows
/// that the store was not changed past it; whoever does not want to trust the process verifies an export with <c>dabbawala-verify</c>.
/// </summary>
public sealed class AuditVerification(IAuditReader reader, AuditEntryQuery entries, AuditKeys keys)
{
    /// <summary>Verifies an entry; null when there is none that the caller may see, or when no checkpoint covers it yet.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<VerificationReport?> VerifyAsync(long index, CancellationToken cancellationToken)
    {
        if (await entries.ReadAsync(index, cancellationToken) is not { } entry
            || await reader.LatestCheckpointAsync(cancellationToken) is not { } text)
        {
            return null;
        }

        var note = SignedNote.Parse(text);
        var checkpoint = Checkpoint.Parse(note.Text);
        if (index >= checkpoint.Size)
        {
            return null;
        }

        var proof = await new TiledTree(reader, checkpoint.Size).ProveInclusionAsync(index, cancellationToken);
        var leaf = TreeHash.OfLeaf(entry.Bytes.Span);
        var path = MerklePath.Of(leaf, index, checkpoint.Size, proof);
        var kept = new TreeHash((await reader.ReadTileAsync(0, index / TilePath.FullWidth, (int)(index % TilePath.FullWidth) + 1, cancellationToken)).Span[^TreeHash.Size..]);
        return new(index, checkpoint.Size, [HashStep(entry, leaf, kept), ClimbStep(leaf, path, proof, index, checkpoint), LogStep(note, checkpoint), WitnessStep(note)], path, text);
    }

    /// <summary>A file that proves an entry without the log (C2SP tlog-proof); null when there is no entry for the caller, or no checkpoint covers it.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<string?> ProveAsync(long index, CancellationToken cancellationToken)
    {
        if (await entries.ReadAsync(index, cancellationToken) is null || await reader.LatestCheckpointAsync(cancellationToken) is not { } text)
        {
            return null;
        }

        var note = SignedNote.Parse(text);
        return index < Checkpoint.Parse(note.Text).Size ? (await LogProof.OfAsync(reader, index, note, cancellationToken)).ToString() : null;
    }

    private static VerificationStep HashStep(AuditEntry entry, TreeHash leaf, TreeHash kept) => new(
        "Hash the entry",
        $"SHA-256 over a zero byte and the {Number(entry.Bytes.Length)} bytes of the entry, compared with leaf {Number(entry.Index)} of the tree",
        leaf == kept ? leaf.ToString() : $"{leaf}, but the tree has {kept}: the entry is not what was recorded",
        leaf == kept ? StepResult.Passed : StepResult.Failed);

    private static VerificationStep ClimbStep(TreeHash leaf, MerklePath path, IReadOnlyList<TreeHash> proof, long index, Checkpoint checkpoint)
    {
        var holds = MerkleProof.IsIncluded(leaf, index, checkpoint.Size, checkpoint.Root, proof);
        return new(
            "Climb to the root",
            $"SHA-256 over a one byte and the two hashes of each pair, {Number(path.Steps.Count)} times, compared with the root of the checkpoint over {Number(checkpoint.Size)} entries",
            holds ? path.Root : $"{path.Root}, but the checkpoint has {checkpoint.Root}: the entry is not in the signed tree",
            holds ? StepResult.Passed : StepResult.Failed);
    }

    private VerificationStep LogStep(SignedNote note, Checkpoint checkpoint)
    {
        var holds = Holds(note, keys.Log) && checkpoint.Origin == keys.Log.Name;
        return new(
            "Check the log's signature",
            $"Ed25519 over origin, size and root of the checkpoint, with the key {keys.Log.Name}+{keys.Log.KeyId:x8}",
            holds ? $"signed by {keys.Log.Name}" : "the signature is missing or does not hold: the checkpoint is not the log's",
            holds ? StepResult.Passed : StepResult.Failed);
    }

    private VerificationStep WitnessStep(SignedNote note)
    {
        const string Title = "Check the witnesses";
        const string How = "Ed25519 over the same checkpoint and a time, with the key of each witness that this control plane knows";
        var signed = keys.Witnesses.Where(witness => note.Signatures.Any(witness.IsOf)).ToList();
        return (keys.Witnesses.Count, signed) switch
        {
            (0, _) => new(Title, How, "there is no witness: the log's operator could have written the whole log anew and signed it again", StepResult.NotChecked),
            (_, []) => new(Title, How, "no witness has cosigned this checkpoint yet", StepResult.NotChecked),
            _ when signed.TrueForAll(witness => Holds(note, witness)) => new(Title, How, $"cosigned by {string.Join(", ", signed.Select(witness => witness.Name))}", StepResult.Passed),
            _ => new(Title, How, "a cosignature does not hold: somebody changed the checkpoint", StepResult.Failed),
        };
    }

    private static bool Holds(SignedNote note, NoteVerifier key) =>
        note.Signatures.Where(key.IsOf).ToList() is { Count: > 0 } own && own.TrueForAll(signature => key.Verifies(note.Text, signature));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
