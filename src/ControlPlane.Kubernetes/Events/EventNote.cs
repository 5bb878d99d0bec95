using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Events;

/// <summary>How serious an event is.</summary>
public enum EventSeverity
{
    /// <summary>As it should be.</summary>
    Normal,

    /// <summary>Somebody should look.</summary>
    Warning,
}

/// <summary>An event about an object, for <c>kubectl describe</c> and the console. Two that are equal are one event that happened twice.</summary>
/// <param name="Regarding">The object.</param>
/// <param name="Severity">How serious.</param>
/// <param name="Reason">One CamelCase word, at most 128 characters.</param>
/// <param name="Action">What was done about it: one CamelCase word.</param>
/// <param name="Note">One sentence, cut at 1024 bytes.</param>
public sealed record EventNote(EventSubject Regarding, EventSeverity Severity, string Reason, string Action, string Note);

/// <summary>Whom an event is about.</summary>
public sealed record EventSubject(ResourceType Type, ObjectKey Key, string? Uid);
