using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>Looks whether the parts of a stored log fit together, before it goes on.</summary>
internal static class StoredLogCheck
{
    /// <summary>What somebody changed, as far as it shows without going over the entries.</summary>
    /// <param name="stored">The log, as its store describes it.</param>
    /// <param name="edge">Right edge of the tree, made from its last entries.</param>
    /// <exception cref="AuditUnavailableException">Entries at its end are gone: it could only go on by contradicting what it signed.</exception>
    public static IEnumerable<string> Of(StoredLog stored, TreeEdge edge)
    {
        var head = stored.Head;
        if (head.Checkpoint is { } checkpoint && checkpoint.Size > head.Size)
        {
            throw new AuditUnavailableException(
                $"the log signed a checkpoint of {checkpoint.Size} entries, but by its head it has only {head.Size}: somebody removed some; restore the store from a backup and verify it");
        }

        return edge.Root() == head.Root
            ? stored.Damage
            : [.. stored.Damage, $"the tree of the {head.Size} stored entries has another root than was recorded with the last of them"];
    }
}
