namespace ControlPlane.Kubernetes.Applying;

/// <summary>What <c>metadata.managedFields</c> says of an object, as far as appliers ask. Entries about status do not count.</summary>
/// <param name="Foreign">Entries of other managers, as a JSON array; null when there is none.</param>
/// <param name="IsOurs">True when our manager set any field: the mark of an object that we made or took over, which a copy of it does not have.</param>
/// <param name="HasUpdateEntry">
/// True when fields are ours by update rather than by apply: the object was created by POST, which costs the server a third less.
/// </param>
/// <param name="HoldsInitialField">True when an entry of ours has the field that belongs to somebody else after creation.</param>
internal readonly record struct FieldOwnership(byte[]? Foreign, bool IsOurs, bool HasUpdateEntry, bool HoldsInitialField);
