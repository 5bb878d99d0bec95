namespace LocalCluster.Storage;

/// <summary>What happened to an object.</summary>
internal enum WatchEventType
{
    /// <summary>It was created.</summary>
    Added,

    /// <summary>It was changed.</summary>
    Modified,

    /// <summary>It was removed.</summary>
    Deleted,
}

/// <summary>One committed change.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object after it; for a deletion its last state, with the revision of the deletion.</param>
/// <param name="Previous">The object before it, if there was one: what an old snapshot and a selector that it no longer matches need.</param>
internal sealed record WatchEvent(WatchEventType Type, StoredObject Object, StoredObject? Previous)
{
    /// <summary>Revision at which it was committed.</summary>
    public long Revision => Object.ResourceVersion;
}
