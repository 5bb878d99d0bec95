using ControlPlane.Api.Access;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Live;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Registry;

namespace ControlPlane.Api.Activity;

/// <summary>
/// What operators and cluster have been doing lately: the newest entries of this process, in memory. For watching, not for evidence: the audit
/// log keeps that.
/// </summary>
public sealed class ActivityLog : IReconcileObserver, IChangeObserver
{
    private const int Kept = 5000;

    private readonly Lock _gate = new();
    private readonly Queue<ActivityEntry> _entries = new(Kept);
    private readonly TimeProvider _time;
    private readonly ServiceLookup _lookup;
    private readonly FleetCaches _caches;
    private readonly Authorizer _authorizer;
    private long _sequence;

    /// <summary>Follows the cluster's events; reconciles and changes are told to it.</summary>
    public ActivityLog(FleetCaches caches, ServiceLookup lookup, Authorizer authorizer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(caches);
        (_caches, _lookup, _authorizer, _time) = (caches, lookup, authorizer, time);
        caches.Events.Cache.Subscribe(change =>
        {
            if (change is { New: { } item, Initial: false })
            {
                Add(FromEvent(item));
            }
        });
    }

    /// <summary>Tells readers that there is something new; which key says nothing.</summary>
    public ChangeFeed<int> Changes { get; } = new();

    /// <summary>Sequence number of the newest entry; 0 when there is none.</summary>
    public long LastSequence
    {
        get
        {
            lock (_gate)
            {
                return _sequence;
            }
        }
    }

    /// <summary>The newest entries that match and that the caller may see, newest first.</summary>
    /// <exception cref="AccessException">The caller may see none.</exception>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only entries older than this sequence number; null for the newest.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<ActivityEntry> List(ActivityFilter filter, long? before, int count)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var scope = _authorizer.DemandSomewhere(Permissions.ReadActivity);
        ActivityEntry[] entries;
        lock (_gate)
        {
            entries = [.. _entries];
        }

        return [.. entries.Reverse().Where(entry => (before is null || entry.Sequence < before) && filter.Matches(entry) && IsIn(scope, entry)).Take(count)];
    }

    /// <summary>How many entries match that the caller may see.</summary>
    /// <exception cref="AccessException">The caller may see none.</exception>
    public int Count(ActivityFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var scope = _authorizer.DemandSomewhere(Permissions.ReadActivity);
        lock (_gate)
        {
            return _entries.Count(entry => filter.Matches(entry) && IsIn(scope, entry));
        }
    }

    /// <inheritdoc/>
    public void Completed(ReconcileRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var failed = record.Problem is not null;
        if (!failed && record.Cause is "start" or "resync")
        {
            return; // thousands of these say one thing: all is well
        }

        Add(new ActivityEntry
        {
            At = record.Started,
            Kind = ActivityKind.Reconcile,
            Severity = failed ? ActivitySeverity.Warning : ActivitySeverity.Normal,
            Namespace = record.Key.Namespace,
            Service = record.Kind == ManagedService.ResourceType.Kind ? record.Key.Name : null,
            Object = $"{record.Kind}/{record.Key.Name}",
            Reason = record.Outcome.ToString(),
            Message = record.Problem ?? $"{record.Controller} looked at it; {(record.Outcome == ReconcileOutcome.RequeuedAfter ? "it looks again in a moment" : "it is as declared now")}",
            Cause = record.Cause,
            DurationMs = Math.Round(record.Duration.TotalMilliseconds, 2),
        });
    }

    /// <inheritdoc/>
    public void Changed(ObjectKey service, AppliedChange change, string? cause)
    {
        ArgumentNullException.ThrowIfNull(change);
        var fields = change.Fields.Count > 0 ? $": {string.Join(", ", change.Fields)}" : "";
        var who = change.ForeignManager is { } manager ? $" (changed by field manager '{manager}')" : "";
        Add(new ActivityEntry
        {
            At = _time.GetUtcNow(),
            Kind = ActivityKind.Change,
            Severity = change.Action == ChangeAction.Repaired ? ActivitySeverity.Warning : ActivitySeverity.Normal,
            Namespace = change.Key.Namespace,
            Service = service.Name,
            Object = $"{change.Type.Kind}/{change.Key.Name}",
            Reason = change.Action.ToString(),
            Message = $"{change.Type.Kind} {change.Key.Name} {change.Action.ToString().ToLowerInvariant()}{fields}{who}",
            Cause = cause,
        });
    }

    private bool IsIn(AccessScope scope, ActivityEntry entry) =>
        scope.IsEverywhere || scope.Includes(entry.Namespace, entry.Service is { } name ? _caches.Services.Cache.Find(new(entry.Namespace, name))?.Spec.Owner.Team : null);

    private ActivityEntry FromEvent(EventView item) => new()
    {
        At = item.LastSeen ?? _time.GetUtcNow(),
        Kind = ActivityKind.Event,
        Severity = item.Type == "Warning" ? ActivitySeverity.Warning : ActivitySeverity.Normal,
        Namespace = item.Regarding.Namespace,
        Service = _lookup.Of(item.Regarding)?.Name,
        Object = $"{item.Regarding.Kind}/{item.Regarding.Name}",
        Reason = item.Reason,
        Message = item.Count > 1 ? $"{item.Note} (seen {item.Count} times)" : item.Note ?? "",
        Cause = item.ReportingController,
    };

    private void Add(ActivityEntry entry)
    {
        lock (_gate)
        {
            if (_entries.Count == Kept)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(entry with { Sequence = ++_sequence });
        }

        Changes.Publish(0);
    }
}
