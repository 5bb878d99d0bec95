namespace LocalCluster.Storage;

/// <summary>A watcher's position in the history of one resource.</summary>
internal sealed class WatchCursor(ObjectStore store, string resource, WatchHistory history, long revision)
{
    /// <summary>Every change of the resource up to this revision has been read.</summary>
    public long Revision { get; private set; } = revision;

    /// <summary>Completes when there may be more to read. Ask for it before <see cref="Read"/>, so that nothing is missed.</summary>
    public Task Changed => history.Published;

    /// <summary>What happened since the last call, oldest first.</summary>
    /// <exception cref="RevisionExpiredException">The watcher was too slow: some of it has been forgotten.</exception>
    public IReadOnlyList<WatchEvent> Read()
    {
        var snapshot = store.Current;
        var changes = history.ReadAfter(Revision, snapshot.Table(resource).HistoryEnd);
        Revision = Math.Max(Revision, snapshot.Revision);
        return changes;
    }
}
