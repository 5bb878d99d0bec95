using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Storage;

/// <summary>A change that somebody asks for.</summary>
/// <param name="Resource">Resource that the object belongs to.</param>
/// <param name="Key">Namespace and name.</param>
/// <param name="Expected">The version that the change was computed from; null when the object must not exist.</param>
/// <param name="Object">The object after it; null removes it.</param>
internal sealed record StoreWrite(string Resource, ObjectKey Key, StoredObject? Expected, StoredObject? Object);

/// <summary>What became of a <see cref="StoreWrite"/>.</summary>
/// <param name="Committed">False when another version than the expected one is stored; nothing was changed then.</param>
/// <param name="Object">Committed: the object with its new resource version (a deletion's too). Otherwise: what is stored, or null.</param>
internal sealed record StoreResult(bool Committed, StoredObject? Object);
