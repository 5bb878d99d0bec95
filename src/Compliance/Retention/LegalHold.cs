using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Searching;

namespace Compliance.Retention;

/// <summary>Keeps entries beyond their time, for a proceeding. A hold is an entry of the log itself, and so is its release: who and why is on record.</summary>
/// <param name="Id">Its name, such as a case number without personal data.</param>
/// <param name="Index">Index of the entry that placed it.</param>
/// <param name="PlacedBy">Who placed it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Scope">Entries that it keeps.</param>
public sealed record LegalHold(string Id, long Index, string PlacedBy, string Reason, AuditQuery Scope)
{
    /// <summary>Action that places a hold.</summary>
    public const string PlaceAction = "retention.hold";

    /// <summary>Action that releases one.</summary>
    public const string ReleaseAction = "retention.release";

    /// <summary>True when it keeps the entry.</summary>
    public bool Keeps(AuditEntryRecord entry) => QueryMatch.Fits(Scope, entry);

    /// <summary>The event that places a hold on entries; times, actor, object, framework and source narrow it.</summary>
    public static AuditEvent Place(string id, AuditQuery scope, string reason, AuditActor actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return Event(PlaceAction, id, reason, actor, now) with { Details = Write(scope) };
    }

    /// <summary>The event that releases a hold.</summary>
    public static AuditEvent Release(string id, string reason, AuditActor actor, DateTimeOffset now) => Event(ReleaseAction, id, reason, actor, now);

    /// <summary>Reads the holds that stand from the entries that placed and released them, in any order.</summary>
    public static IReadOnlyList<LegalHold> Standing(IEnumerable<AuditEntry> entries)
    {
        var standing = new Dictionary<string, LegalHold>();
        foreach (var entry in entries.OrderBy(static entry => entry.Index))
        {
            var record = AuditEntryReader.Read(entry.Bytes);
            var id = record.Object?.Name ?? "";
            if (record.Action == PlaceAction)
            {
                standing[id] = new LegalHold(id, entry.Index, record.Actor.Id, record.Reason ?? "", Read(record.Details ?? []));
            }
            else if (record.Action == ReleaseAction)
            {
                standing.Remove(id);
            }
        }

        return [.. standing.Values];
    }

    private static AuditEvent Event(string action, string id, string reason, AuditActor actor, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Source = "retention",
        OccurredAt = now,
        Actor = actor,
        Action = action,
        Object = new AuditObject("LegalHold", "", id),
        Reason = reason,
    };

    private static JsonObject Write(AuditQuery scope)
    {
        var details = new JsonObject();
        Add("from", scope.From is { } from ? EntryTime.Format(from) : null);
        Add("to", scope.To is { } to ? EntryTime.Format(to) : null);
        Add("actor", scope.Actor);
        Add("action", scope.Action);
        Add("objectKind", scope.ObjectKind);
        Add("objectName", scope.ObjectName);
        Add("framework", scope.Framework);
        Add("source", scope.Source);
        Add("correlationId", scope.CorrelationId);
        if (scope.Namespaces is { } namespaces)
        {
            details["namespaces"] = new JsonArray([.. namespaces.Select(static name => (JsonNode)name)]);
        }

        return details;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                details[name] = value;
            }
        }
    }

    private static AuditQuery Read(JsonObject details) => new()
    {
        From = Text(details, "from") is { } from ? EntryTime.Parse(from) : null,
        To = Text(details, "to") is { } to ? EntryTime.Parse(to) : null,
        Actor = Text(details, "actor"),
        Action = Text(details, "action"),
        ObjectKind = Text(details, "objectKind"),
        ObjectName = Text(details, "objectName"),
        Framework = Text(details, "framework"),
        Source = Text(details, "source"),
        CorrelationId = Text(details, "correlationId"),
        Namespaces = details["namespaces"]?.AsArray().Select(static name => name!.GetValue<string>()).ToList(),
    };

    private static string? Text(JsonObject details, string name) => details[name]?.GetValue<string>();
}
