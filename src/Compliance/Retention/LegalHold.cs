using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Searching;

namespace Compliance.Retention;

/// <summary>
/// Keeps entries, and the personal data that belong to them, beyond their time, for a proceeding. A hold is an entry of the log itself, and so is its
/// release: there is no table that somebody could take it out of.
/// </summary>
public sealed record LegalHold
{
    /// <summary>Action of the entry that a hold is.</summary>
    public const string PlaceAction = "retention.hold";

    /// <summary>Action of the entry that releases one.</summary>
    public const string ReleaseAction = "retention.release";

    /// <summary>Kind of object that holds are in the log.</summary>
    public const string ObjectKind = "LegalHold";

    /// <summary>Only entries of this source are holds. Nobody outside can speak as it: sources of services have a slash in them.</summary>
    public const string Source = "retention";

    private const string ReferenceField = "reference";

    /// <summary>Its name here: opaque, and never given twice.</summary>
    public required string Id { get; init; }

    /// <summary>Index of the entry that placed it.</summary>
    public required long Index { get; init; }

    /// <summary>When (UTC).</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Opaque id of who placed it.</summary>
    public required string PlacedBy { get; init; }

    /// <summary>What it is for elsewhere: a case or file number, without personal data.</summary>
    public required string Reference { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Entries that it keeps; one that is not narrowed keeps the whole log.</summary>
    public required AuditQuery Scope { get; init; }

    /// <summary>How it ended; null while it stands.</summary>
    public HoldRelease? Release { get; init; }

    /// <summary>True while it keeps anything.</summary>
    public bool Stands => Release is null;

    /// <summary>True when it keeps an entry: one of its scope, and the one that placed it.</summary>
    public bool Keeps(long index, AuditEntryRecord entry) => Stands && (index == Index || QueryMatch.Fits(Scope, entry));

    /// <summary>The event that places a hold.</summary>
    public static AuditEvent Place(string id, string reference, AuditQuery scope, string reason, AuditActor actor, string? correlationId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var details = Write(scope);
        details[ReferenceField] = reference;
        return Event(PlaceAction, id, reason, actor, correlationId, now) with { Details = details };
    }

    /// <summary>The event that releases a hold.</summary>
    public static AuditEvent ReleaseOf(string id, string reason, AuditActor actor, string? approvedBy, string? correlationId, DateTimeOffset now) =>
        Event(ReleaseAction, id, reason, actor, correlationId, now) with { Details = approvedBy is null ? null : new JsonObject { ["approvedBy"] = approvedBy } };

    /// <summary>True when an entry places or releases a hold, told from the first bytes of its canonical JSON.</summary>
    internal static bool MayBe(ReadOnlySpan<byte> bytes) => bytes.StartsWith("{\"action\":\"retention."u8);

    /// <summary>Reads the holds from the entries that placed and released them, in any order; the newest first.</summary>
    public static IReadOnlyList<LegalHold> Read(IEnumerable<AuditEntry> entries)
    {
        List<LegalHold> holds = [];
        foreach (var entry in entries.OrderBy(static entry => entry.Index))
        {
            if (AuditEntryReader.TryRead(entry.Bytes) is not { Source: Source, Object: { Kind: ObjectKind, Name: var id } } record)
            {
                continue;
            }

            if (record.Action == PlaceAction)
            {
                holds.Add(Read(entry.Index, id, record));
            }
            else if (record.Action == ReleaseAction)
            {
                var release = new HoldRelease(entry.Index, record.RecordedAt, record.Actor.Id, record.Reason ?? "", Text(record.Details ?? [], "approvedBy"));
                holds = holds.ConvertAll(hold => hold.Stands && hold.Id == id ? hold with { Release = release } : hold);
            }
        }

        return [.. holds.OrderByDescending(static hold => hold.Index)];
    }

    private static LegalHold Read(long index, string id, AuditEntryRecord record) => new()
    {
        Id = id,
        Index = index,
        PlacedAt = record.RecordedAt,
        PlacedBy = record.Actor.Id,
        Reference = Text(record.Details ?? [], ReferenceField) ?? "",
        Reason = record.Reason ?? "",
        Scope = ReadScope(record.Details ?? []),
    };

    private static AuditEvent Event(string action, string id, string reason, AuditActor actor, string? correlationId, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Source = Source,
        OccurredAt = now,
        Actor = actor,
        Action = action,
        Object = new AuditObject(ObjectKind, "", id),
        Reason = reason,
        CorrelationId = correlationId,
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

    /// <summary>What a later version narrows a scope by and this one does not know does not narrow: then the hold keeps more.</summary>
    private static AuditQuery ReadScope(JsonObject details) => new()
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

/// <summary>How a hold ended.</summary>
/// <param name="Index">Index of the entry that released it.</param>
/// <param name="At">When (UTC).</param>
/// <param name="By">Opaque id of who asked for it.</param>
/// <param name="Reason">Why.</param>
/// <param name="ApprovedBy">Opaque id of who approved it; null when nobody had to.</param>
public sealed record HoldRelease(long Index, DateTimeOffset At, string By, string Reason, string? ApprovedBy);
