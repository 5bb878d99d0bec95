using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Tree;

namespace Compliance.Audit.SelfChecking;

/// <summary>
/// Grows the tree again from its leaf hashes and compares the tiles above them and, in passing its size, each checkpoint that was signed: the older ones
/// too, for a tree that was changed and signed anew contradicts those.
/// </summary>
internal sealed class TreeCheck(IAuditStore store, SelfCheckFindings findings)
{
    private readonly TreeEdge _replayed = new();

    public async Task TakeAsync(long start, List<TreeHash> leaves, CancellationToken cancellationToken)
    {
        var checkpoints = await CheckpointsAsync(start, start + leaves.Count, cancellationToken);
        List<CompleteTile> completed = [];
        foreach (var leaf in leaves)
        {
            _replayed.Append(leaf, completed);
            if (checkpoints.TryGetValue(_replayed.Size, out var checkpoint))
            {
                Compare(checkpoint);
            }
        }

        foreach (var tile in completed.Where(static tile => tile.Level > 0))
        {
            var stored = await store.ReadTileAsync(tile.Level, tile.Index, cancellationToken);
            if (stored is null || !stored.AsSpan().SequenceEqual(tile.Hashes))
            {
                findings.Add($"tile {tile.Level}/{tile.Index} is not that of the entries below it");
            }
        }
    }

    public void Finish(LogPosition position)
    {
        if (findings.AreNone && _replayed.Root() != position.Edge.Root())
        {
            findings.Add($"the tree over all {position.Edge.Size} entries has another root than the log goes by");
        }
    }

    /// <summary>Checkpoints of sizes after a start up to an end.</summary>
    private async Task<Dictionary<long, StoredCheckpoint>> CheckpointsAsync(long start, long end, CancellationToken cancellationToken)
    {
        Dictionary<long, StoredCheckpoint> checkpoints = [];
        while (end > start && await store.ReadCheckpointAsync(end, cancellationToken) is { } checkpoint && checkpoint.Size > start)
        {
            checkpoints.Add(checkpoint.Size, checkpoint);
            end = checkpoint.Size - 1;
        }

        return checkpoints;
    }

    private void Compare(StoredCheckpoint checkpoint)
    {
        if (checkpoint.Root != _replayed.Root())
        {
            findings.Add($"the first {checkpoint.Size} entries have another root than the checkpoint that was signed over them");
        }
        else if (!Says(checkpoint))
        {
            findings.Add($"the signed note of the checkpoint of size {checkpoint.Size} says something else than was signed");
        }
    }

    private static bool Says(StoredCheckpoint checkpoint)
    {
        try
        {
            var said = Checkpoint.Parse(SignedNote.Parse(checkpoint.Note).Text);
            return said.Size == checkpoint.Size && said.Root == checkpoint.Root;
        }
        catch (NoteException)
        {
            return false;
        }
    }
}
