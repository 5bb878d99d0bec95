namespace LocalCluster.Storage;

/// <summary>Keeps nothing: a store for tests.</summary>
internal sealed class VolatileJournal : IJournal
{
    /// <inheritdoc/>
    public JournalContent Load() => new(0, []);

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<(string Resource, WatchEvent Change)> changes, long revision)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
