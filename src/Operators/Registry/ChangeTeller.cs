using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Registry;

/// <summary>Tells what operators wrote for a service: to observers (activity, audit log) each write, and to people as events of the service.</summary>
public sealed class ChangeTeller(EventRecorder events, IEnumerable<IChangeObserver> observers)
{
    /// <summary>Tells the writes of one pass.</summary>
    /// <param name="service">For which they were made.</param>
    /// <param name="changes">Writes that the server has acknowledged.</param>
    /// <param name="cause">Because of which change.</param>
    public void Tell(ManagedService service, IReadOnlyList<AppliedChange> changes, string? cause)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var change in changes)
        {
            foreach (var observer in observers)
            {
                observer.Changed(service.Metadata.Key, change, cause);
            }

            if (change.Action is ChangeAction.Repaired)
            {
                var who = change.ForeignManager is { } manager ? $"field manager '{manager}'" : "somebody who is not on record";
                Note(service, EventSeverity.Warning, "DriftRepaired", "Apply", $"{who} had changed {string.Join(", ", change.Fields)} of {change.Type.Kind} {change.Key.Name}; it was put back");
            }
        }

        // One event for all that was done alike: an event costs the API server as much as the object that it tells of.
        foreach (var alike in changes.Where(change => change.Action is not ChangeAction.Repaired).GroupBy(change => change.Action))
        {
            var objects = alike.Select(change => $"{change.Type.Kind} {change.Key.Name}").ToList();
            Note(service, EventSeverity.Normal, alike.Key.ToString(), "Apply", $"{string.Join(", ", objects)} {(objects.Count == 1 ? "was" : "were")} {Verb(alike.Key)}");
        }
    }

    /// <summary>Records an event of a service.</summary>
    public void Note(ManagedService service, EventSeverity severity, string reason, string action, string note)
    {
        ArgumentNullException.ThrowIfNull(service);
        events.Record(new(new(ManagedService.ResourceType, service.Metadata.Key, service.Metadata.Uid), severity, reason, action, note));
    }

    private static string Verb(ChangeAction action) => action switch
    {
        ChangeAction.Created => "created",
        ChangeAction.TakenOver => "taken over",
        ChangeAction.Deleted => "deleted, as no longer declared",
        _ => "updated",
    };
}
