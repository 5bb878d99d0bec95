namespace LocalCluster.Storage;

/// <summary>A revision that is no longer in the history was asked for.</summary>
/// <param name="requested">The revision.</param>
/// <param name="oldest">Oldest revision that can still be asked for.</param>
internal sealed class RevisionExpiredException(long requested, long oldest)
    : Exception($"too old resource version: {requested} ({oldest})");
