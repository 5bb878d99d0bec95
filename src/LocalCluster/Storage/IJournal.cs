namespace LocalCluster.Storage;

/// <summary>Where the store keeps its objects between two starts. Only one thread writes.</summary>
internal interface IJournal : IDisposable
{
    /// <summary>Reads everything that was committed. Called once, before anything is written.</summary>
    /// <exception cref="DamagedStoreException">What is kept can't be read; it was left as it is.</exception>
    JournalContent Load();

    /// <summary>Makes changes durable, all or none.</summary>
    /// <param name="changes">In the order of their revisions.</param>
    /// <param name="revision">Revision of the store after them.</param>
    void Commit(IReadOnlyList<(string Resource, WatchEvent Change)> changes, long revision);
}

/// <summary>What a journal holds.</summary>
/// <param name="Revision">Last committed revision; 0 for a new journal.</param>
/// <param name="Objects">Every object with its resource.</param>
internal sealed record JournalContent(long Revision, IReadOnlyList<(string Resource, StoredObject Object)> Objects);

/// <summary>State on disk that can't be read. It was left as it is.</summary>
/// <param name="message">Which file, what is wrong, what to do.</param>
/// <param name="inner">Cause.</param>
internal sealed class DamagedStoreException(string message, Exception? inner = null) : Exception(message, inner);
