namespace LocalCluster.Storage;

/// <summary>Told of every committed change, in order, before the writer that asked for it is.</summary>
internal interface IStoreObserver
{
    /// <summary>Must return at once and must not throw: all writes wait for it.</summary>
    void OnCommitted(string resource, WatchEvent change);
}
