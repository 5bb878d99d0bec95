using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;

namespace Compliance.Retention;

/// <summary>Says which entries were removed because their time was over. It is an entry of the log, and the store prunes by no other word.</summary>
/// <param name="From">First entry that goes.</param>
/// <param name="End">Entry after the last one that goes; a multiple of 256, for whole tiles remain of them.</param>
/// <param name="Root">Root of the tree over all entries before the end: what remains must still have it.</param>
/// <param name="ByRule">How many entries go by which rule.</param>
public sealed record PruneCertificate(long From, long End, TreeHash Root, IReadOnlyDictionary<string, long> ByRule)
{
    /// <summary>Action of the entry.</summary>
    public const string Action = "log.prune";

    /// <summary>Index after the last entry that goes by an entry of the log; null when that is no certificate.</summary>
    public static long? EndOf(AuditEntryRecord entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Action == Action && entry.Details?["end"] is JsonValue end && end.TryGetValue<long>(out var index) ? index : null;
    }

    /// <summary>The event to be recorded.</summary>
    public AuditEvent ToEvent(AuditActor actor, string reason, DateTimeOffset now)
    {
        var rules = new JsonObject();
        foreach (var (rule, entries) in ByRule)
        {
            rules[rule] = entries;
        }

        return new AuditEvent
        {
            Id = Guid.CreateVersion7(now),
            Source = "retention",
            OccurredAt = now,
            Actor = actor,
            Action = Action,
            Reason = reason,
            Details = new JsonObject { ["from"] = From, ["end"] = End, ["root"] = Convert.ToBase64String(Root.Bytes), ["rules"] = rules },
        };
    }
}
