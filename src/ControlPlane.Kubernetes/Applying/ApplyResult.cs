using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>What was written.</summary>
public enum ChangeAction
{
    /// <summary>The object did not exist.</summary>
    Created,

    /// <summary>The declaration changed, and the object with it.</summary>
    Updated,

    /// <summary>Somebody had changed declared fields; they were put back.</summary>
    Repaired,

    /// <summary>The object belonged to somebody else and is ours now.</summary>
    TakenOver,

    /// <summary>The object is no longer declared.</summary>
    Deleted,
}

/// <summary>One write to the cluster.</summary>
/// <param name="Type">Kind of the object.</param>
/// <param name="Key">The object.</param>
/// <param name="Action">What was written.</param>
/// <param name="Fields">Paths of the fields that were not as declared; empty for whole objects.</param>
/// <param name="ForeignManager">Who had changed them, for repairs; null when not on record.</param>
public sealed record AppliedChange(
    ResourceType Type, ObjectKey Key, ChangeAction Action, IReadOnlyList<string> Fields, string? ForeignManager = null);

/// <summary>An object that could not be brought to its declared state.</summary>
/// <param name="Type">Kind of the object.</param>
/// <param name="Key">The object.</param>
/// <param name="Problem">Why; names the field when the server did.</param>
/// <param name="ForeignOwner">Who owns the object instead of us; null when that is not the problem.</param>
/// <param name="RetryAfter">How long the server asks to wait; null when it does not say.</param>
public sealed record ApplyFailure(ResourceType Type, ObjectKey Key, string Problem, string? ForeignOwner = null, TimeSpan? RetryAfter = null);

/// <summary>What an apply of several objects did.</summary>
public sealed class ApplyResult
{
    private readonly List<AppliedChange> _changes = [];
    private readonly List<ApplyFailure> _failures = [];

    /// <summary>Writes that the server has acknowledged, in order.</summary>
    public IReadOnlyList<AppliedChange> Changes => _changes;

    /// <summary>Objects that are not as declared.</summary>
    public IReadOnlyList<ApplyFailure> Failures => _failures;

    internal void Add(AppliedChange change) => _changes.Add(change);

    internal void Add(ApplyFailure failure) => _failures.Add(failure);
}
