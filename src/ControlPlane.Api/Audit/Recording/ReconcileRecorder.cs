using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Commands;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Registry;

namespace ControlPlane.Api.Audit.Recording;

/// <summary>
/// Puts on record every write that operators make: which object, which fields, because of which change. A reconcile never waits for the log: what
/// it wrote has happened already. So the entries are numbered for each run of a process, and one that did not arrive leaves a gap.
/// </summary>
public sealed class ReconcileRecorder : IChangeObserver
{
    private const int MostFields = 50;
    private const int LongestField = 200;

    private readonly FleetCaches _caches;
    private readonly AuditOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long _sequence;

    /// <param name="caches">Knows which change made a service what it is.</param>
    /// <param name="outbox">Carries the entries to the log.</param>
    /// <param name="time">Clock.</param>
    public ReconcileRecorder(FleetCaches caches, AuditOutbox outbox, TimeProvider time)
    {
        (_caches, _outbox, _time) = (caches, outbox, time);
        Source = $"operators/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
    }

    /// <summary>Source of its entries: this run of the process, as numbers begin anew with each.</summary>
    public string Source { get; }

    /// <inheritdoc/>
    public void Changed(ObjectKey service, AppliedChange change, string? cause)
    {
        ArgumentNullException.ThrowIfNull(change);
        var declared = _caches.Services.Cache.Find(service);
        var now = _time.GetUtcNow();
        var item = new AuditEvent
        {
            Id = Guid.CreateVersion7(now),
            Source = Source,
            OccurredAt = now,
            Actor = new(AuditActorKind.System, "registry", "operator"),
            Action = "reconcile.write",
            Object = new(change.Type.Kind, change.Key.Namespace, change.Key.Name),
            Reason = cause,
            CorrelationId = declared is null ? null : ChangeMark.Of(declared),
            Frameworks = declared?.Spec.Compliance?.Frameworks ?? [],
            Details = Details(service, change),
        };
        lock (_gate)
        {
            _outbox.Add([item with { SourceSequence = ++_sequence }]); // within the lock, so that they arrive in the order of their numbers
        }
    }

    private static JsonObject Details(ObjectKey service, AppliedChange change)
    {
        var details = new JsonObject { ["service"] = service.ToString(), ["change"] = change.Action.ToString() };
        if (change.Fields.Count > 0)
        {
            details["fields"] = new JsonArray([.. change.Fields.Take(MostFields).Select(field => JsonValue.Create(field.Length <= LongestField ? field : field[..LongestField]))]);
        }

        if (change.Fields.Count > MostFields)
        {
            details["moreFields"] = change.Fields.Count - MostFields;
        }

        if (change.ForeignManager is { } manager)
        {
            details["undone"] = $"a change by field manager '{manager}'";
        }

        if (!change.Stored.IsEmpty)
        {
            details["resourceVersion"] = (string?)JsonNode.Parse(change.Stored.Span)?["metadata"]?["resourceVersion"];
        }

        return details;
    }
}
