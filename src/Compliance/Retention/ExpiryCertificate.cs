using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;

namespace Compliance.Retention;

/// <summary>
/// Says that personal data were erased because their time was over: how many, of how many people, of entries up to which one, by which rule. It is an
/// entry of the log, and so is the attempt before it. It names nobody.
/// </summary>
/// <param name="Index">Index of the entry.</param>
/// <param name="At">When it was recorded (UTC).</param>
/// <param name="Rules">Ids of the rules by which they went.</param>
/// <param name="UpTo">By class of entries: the last of which data went.</param>
public sealed record ExpiryCertificate(long Index, DateTimeOffset At, IReadOnlyList<string> Rules, IReadOnlyDictionary<string, long> UpTo)
{
    /// <summary>Action of the entries.</summary>
    public const string Action = "personal.expire";

    private const string Reason = "the time of the rules that kept them is over";

    /// <summary>True when the data of an entry of a class went by it at the latest.</summary>
    public bool Covers(long entry, string retentionClass) => UpTo.TryGetValue(retentionClass, out var last) && entry <= last;

    /// <summary>Reads an entry; null when it is none of them, or the attempt before one.</summary>
    public static ExpiryCertificate? Read(AuditEntry entry)
    {
        if (AuditEntryReader.TryRead(entry.Bytes) is not { Source: ErasureCertificate.Source, Action: Action, Outcome: AuditOutcome.Succeeded, Details: { } details } record)
        {
            return null;
        }

        var upTo = (details["upTo"] as JsonObject ?? []).ToDictionary(static pair => pair.Key, static pair => (long)pair.Value!);
        return new ExpiryCertificate(entry.Index, record.RecordedAt, [.. (details["rules"] as JsonArray ?? []).Select(static rule => (string)rule!)], upTo);
    }

    internal static AuditEvent AttemptOf(ExpiredData found, AuditActor actor, DateTimeOffset now) => Event(AuditOutcome.Attempted, DetailsOf(found, found.Count), actor, now);

    internal static AuditEvent Of(ExpiredData found, long erased, long attempt, AuditActor actor, DateTimeOffset now)
    {
        var details = DetailsOf(found, erased);
        details["attempt"] = attempt;
        return Event(AuditOutcome.Succeeded, details, actor, now);
    }

    private static JsonObject DetailsOf(ExpiredData found, long data) => new()
    {
        ["data"] = data,
        ["subjects"] = found.BySubject.Count(),
        ["rules"] = new JsonArray([.. found.Rules.Select(static rule => (JsonNode)rule)]),
        ["upTo"] = new JsonObject(found.UpTo.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
    };

    private static AuditEvent Event(AuditOutcome outcome, JsonObject details, AuditActor actor, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Source = ErasureCertificate.Source,
        OccurredAt = now,
        Actor = actor,
        Action = Action,
        Outcome = outcome,
        Reason = Reason,
        Frameworks = ["DPDP"],
        RetentionClass = "privacy",
        Details = details,
    };
}
