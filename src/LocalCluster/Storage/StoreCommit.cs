namespace LocalCluster.Storage;

/// <summary>Changes that will become durable together, and the state that they lead to. Nobody sees it before that.</summary>
/// <param name="start">State that it begins from.</param>
internal sealed class StoreCommit(StoreSnapshot start)
{
    private readonly List<(string Resource, WatchEvent Change)> _changes = [];

    /// <summary>State after what was staged.</summary>
    public StoreSnapshot Snapshot { get; private set; } = start;

    /// <summary>What was staged, in the order of revisions.</summary>
    public IReadOnlyList<(string Resource, WatchEvent Change)> Changes => _changes;

    /// <summary>Takes the next revision, for a write or for nothing.</summary>
    /// <returns>What the writer is told once the commit succeeds.</returns>
    public StoreResult Stage(StoreWrite? write)
    {
        var revision = Snapshot.Revision + 1;
        if (write is null)
        {
            Snapshot = Snapshot with { Revision = revision };
            return new StoreResult(true, null);
        }

        var table = Snapshot.Table(write.Resource);
        var stored = table.Find(write.Key);
        if (!ReferenceEquals(stored, write.Expected))
        {
            return new StoreResult(false, stored);
        }

        if ((write.Object ?? stored) is not { } last)
        {
            return new StoreResult(true, null);
        }

        var type = write.Object is null ? WatchEventType.Deleted : stored is null ? WatchEventType.Added : WatchEventType.Modified;
        var change = new WatchEvent(type, last.WithResourceVersion(revision), stored);
        _changes.Add((write.Resource, change));
        Snapshot = new StoreSnapshot(revision, Snapshot.Tables.SetItem(write.Resource, table.With(change)));
        return new StoreResult(true, change.Object);
    }
}
