using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Controllers;

/// <summary>How a reconcile ended.</summary>
public enum ReconcileOutcome
{
    /// <summary>All is as declared.</summary>
    Succeeded,

    /// <summary>All is well so far; it looks again after a while.</summary>
    RequeuedAfter,

    /// <summary>It failed and will be tried again.</summary>
    Failed,

    /// <summary>It took too long and will be tried again.</summary>
    TimedOut,

    /// <summary>What is declared can't be done; it is not tried again until something changes.</summary>
    Terminal,

    /// <summary>A defect of the operator; it will be tried again.</summary>
    Panicked,
}

/// <summary>One reconcile, for those who watch operators work.</summary>
/// <param name="Controller">Name of the controller.</param>
/// <param name="Kind">Kind of the object.</param>
/// <param name="Key">The object.</param>
/// <param name="Cause">Because of what.</param>
/// <param name="Started">When (UTC).</param>
/// <param name="Duration">How long.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Problem">Why it failed; null when it did not.</param>
public sealed record ReconcileRecord(
    string Controller, string Kind, ObjectKey Key, string? Cause, DateTimeOffset Started, TimeSpan Duration, ReconcileOutcome Outcome, string? Problem);

/// <summary>Hears of every reconcile. Must be quick and must not throw.</summary>
public interface IReconcileObserver
{
    /// <summary>A reconcile ended.</summary>
    void Completed(ReconcileRecord record);
}
