using Compliance.Audit.Notes;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// Looks whether the parts of a stored log fit together before it goes on. Where they do not, somebody was at the store, and whatever were appended now
/// would be signed as if it followed from what was recorded: the log takes nothing then (docs/adr/0023).
/// </summary>
internal static class StoredLogCheck
{
    /// <summary>Why a log can't be gone on with; null when it can.</summary>
    /// <param name="store">The log's store.</param>
    /// <param name="head">The log, as its store describes it.</param>
    /// <param name="edge">Right edge of the tree, made from what is stored.</param>
    /// <param name="key">Public key of the log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LogObjection?> RunAsync(IAuditStore store, LogHead head, TreeEdge edge, string key, CancellationToken cancellationToken)
    {
        if (edge.Size < head.Size)
        {
            return new LogObjection($"the log has {head.Size} entries by its head, but from entry {edge.Size} on not all that belongs to them is stored: somebody removed some");
        }

        if (await store.InspectAsync(cancellationToken) is [var finding, ..])
        {
            return new LogObjection(finding);
        }

        if (head.Checkpoint is { } newest && await ObjectionToAsync(newest, store, head, key, cancellationToken) is { } objection)
        {
            return objection;
        }

        return edge.Root() == head.Root ? null : new LogObjection($"the tree of the {head.Size} stored entries has root {edge.Root()}, but {head.Root} was recorded with the last of them")
        {
            Root = edge.Root(),
        };
    }

    private static async Task<LogObjection?> ObjectionToAsync(StoredCheckpoint newest, IAuditStore store, LogHead head, string key, CancellationToken cancellationToken)
    {
        if (newest.Size > head.Size)
        {
            return new LogObjection($"the log signed a checkpoint of {newest.Size} entries, but by its head it has only {head.Size}: somebody removed some");
        }

        if (SignedBy(key, newest) is not { } signed)
        {
            return new LogObjection($"the newest checkpoint, of {newest.Size} entries, is not what the log signed");
        }

        var root = (await TailReader.ReadEdgeAsync(store, newest.Size, cancellationToken)).Root();
        return root == signed.Root ? null : new LogObjection($"the first {newest.Size} entries have root {root}, but the log signed {signed.Root} over them");
    }

    /// <summary>What the log signed; null when the stored note is no such thing.</summary>
    private static Checkpoint? SignedBy(string key, StoredCheckpoint stored)
    {
        try
        {
            var signed = Checkpoint.Open(SignedNote.Parse(stored.Note), NoteVerifier.Parse(key));
            return (signed.Size, signed.Root) == (stored.Size, stored.Root) ? signed : null;
        }
        catch (NoteException)
        {
            return null;
        }
    }
}

/// <summary>Why a stored log can't be gone on with.</summary>
/// <param name="Why">What does not fit, for people.</param>
internal sealed record LogObjection(string Why)
{
    /// <summary>
    /// Root that the stored entries have, when nothing but the recorded root speaks against them: all that was signed still holds, so an admin may say that
    /// the log is to go on from there. Null when that would contradict a signature.
    /// </summary>
    public TreeHash? Root { get; init; }
}
