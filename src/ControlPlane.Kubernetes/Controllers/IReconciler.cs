using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Controllers;

/// <summary>Brings what one object declares and what exists together. Level-triggered: looks at the whole state, never at what changed.</summary>
public interface IReconciler
{
    /// <summary>
    /// Reconciles one object. The object may be gone; the call may be repeated, and may be cut off at any line. Throwing means failure: the
    /// key comes again with growing pauses, for ever.
    /// </summary>
    ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken);
}

/// <summary>What to reconcile.</summary>
/// <param name="Key">The object.</param>
/// <param name="Cause">Because of what, for people and the audit log; never a reason to look at less than the whole state.</param>
public readonly record struct ReconcileRequest(ObjectKey Key, string? Cause);

/// <summary>How a reconcile ended that did not throw.</summary>
public readonly record struct ReconcileResult
{
    /// <summary>Look again after this time; null to wait for the next event.</summary>
    public TimeSpan? RequeueAfter { get; private init; }

    /// <summary>Why a retry can't help until the object changes; null when all is well.</summary>
    public string? TerminalReason { get; private init; }

    /// <summary>Why it did not work out this time; null when it did.</summary>
    public string? FailureReason { get; private init; }

    /// <summary>After a failure: shortest pause before the next try, whatever the backoff says.</summary>
    internal TimeSpan NotBefore { get; private init; }

    /// <summary>All is as declared.</summary>
    public static ReconcileResult Done { get; }

    /// <summary>All is well so far; look again after a while.</summary>
    public static ReconcileResult After(TimeSpan delay) => new() { RequeueAfter = delay };

    /// <summary>It did not work out, and what can be told of it was told (in the status). Tried again with growing pauses, as if it had thrown.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="retryAfter">How long the server asks to wait; null when it does not say.</param>
    public static ReconcileResult Failed(string reason, TimeSpan? retryAfter = null) =>
        new() { FailureReason = reason, NotBefore = retryAfter ?? TimeSpan.Zero };

    /// <summary>What is declared can't be done. Counted as an error, not tried again until something changes.</summary>
    public static ReconcileResult Terminal(string reason) => new() { TerminalReason = reason };
}
