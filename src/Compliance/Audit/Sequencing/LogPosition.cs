using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>Where a log is at a moment. It changes no more, so that readers can use it while the log goes on.</summary>
/// <param name="Edge">Right edge of the tree; not to be appended to.</param>
/// <param name="PrunedTo">Entries before this index are pruned.</param>
public sealed record LogPosition(TreeEdge Edge, long PrunedTo)
{
    /// <summary>An empty log.</summary>
    public static LogPosition Unopened { get; } = new(new TreeEdge(), 0);
}
