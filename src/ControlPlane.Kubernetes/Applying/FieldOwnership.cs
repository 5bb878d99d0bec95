namespace ControlPlane.Kubernetes.Applying;

/// <summary>What <c>metadata.managedFields</c> says of an object, as far as appliers ask. Entries about status do not count.</summary>
/// <param name="Foreign">Entries of other managers, as a JSON array; null when there is none.</param>
/// <param name="IsOurs">True when our manager set any field: the mark of an object that we made or took over, which a copy of it does not have.</param>
/// <param name="UnappliedEntry">
/// Position of our entry when it is an update that no apply has followed: the object was created by POST, which costs the server a third less.
/// Null otherwise.
/// </param>
/// <param name="HoldsInitialField">True when our entry has the field that belongs to somebody else after creation.</param>
internal readonly record struct FieldOwnership(byte[]? Foreign, bool IsOurs, int? UnappliedEntry, bool HoldsInitialField);
