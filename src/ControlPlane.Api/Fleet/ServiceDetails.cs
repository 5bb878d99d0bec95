using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Fleet;

/// <summary>A service with all that belongs to it.</summary>
public sealed record ServiceDetails
{
    /// <summary>As lists show it.</summary>
    public required ServiceSummary Summary { get; init; }

    /// <summary>Stored version, for <c>If-Match</c>.</summary>
    public required string ResourceVersion { get; init; }

    /// <summary>What is declared.</summary>
    public required ManagedServiceSpec Spec { get; init; }

    /// <summary>What was observed; null until an operator has reported.</summary>
    public ManagedServiceStatus? Status { get; init; }

    /// <summary>Services that it depends on.</summary>
    public required IReadOnlyList<RelatedService> Dependencies { get; init; }

    /// <summary>Services that depend on it.</summary>
    public required IReadOnlyList<RelatedService> Callers { get; init; }

    /// <summary>GitOps tool that keeps the declaration; null when people may change it here.</summary>
    public string? KeptBy { get; init; }
}

/// <summary>A service at the other end of a dependency.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
/// <param name="Health">How it is; null when it is not declared.</param>
/// <param name="Optional">True when the caller works, degraded, without it.</param>
public sealed record RelatedService(string Namespace, string Name, ServiceHealth? Health, bool Optional);

/// <summary>How an owned object is.</summary>
public enum ObjectSync
{
    /// <summary>As declared.</summary>
    InSync,

    /// <summary>A declared field has another value.</summary>
    Drifted,

    /// <summary>It does not exist.</summary>
    Missing,
}

/// <summary>An owned object, desired against live.</summary>
/// <param name="ApiVersion">API version.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name.</param>
/// <param name="Sync">How it is.</param>
/// <param name="Desired">The declared fields, as YAML.</param>
/// <param name="Live">The whole object in the cluster, as YAML; null when it is missing.</param>
/// <param name="Diff">The declared fields against the same fields of the live object.</param>
public sealed record ServiceObject(string ApiVersion, string Kind, string Name, ObjectSync Sync, string Desired, string? Live, ObjectDiff Diff);

/// <summary>An event of the cluster about a service or something that belongs to it.</summary>
/// <param name="At">When it was seen last (UTC).</param>
/// <param name="Severity"><c>Normal</c> or <c>Warning</c>.</param>
/// <param name="Reason">One word.</param>
/// <param name="Object"><c>Kind/name</c>.</param>
/// <param name="Note">One sentence.</param>
/// <param name="Count">How often it was seen.</param>
public sealed record ServiceEvent(DateTimeOffset At, string Severity, string Reason, string Object, string Note, int Count);
