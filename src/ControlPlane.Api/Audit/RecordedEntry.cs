using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Compliance.Audit;
using Compliance.Audit.Entries;

namespace ControlPlane.Api.Audit;

/// <summary>What an entry says, read from its bytes. The bytes are what counts: what is read of them is for people and never hashed.</summary>
public sealed record RecordedEntry
{
    /// <summary>Index in the log, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>Id of the event.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the log took it (UTC), by the log's clock.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>When it happened (UTC), by the clock of its source.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Who tells it.</summary>
    public required string Source { get; init; }

    /// <summary>Number at its source; null where the source does not count.</summary>
    public long? SourceSequence { get; init; }

    /// <summary>Who did it.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>What was done.</summary>
    public required string Action { get; init; }

    /// <summary>To what.</summary>
    public AuditObject? Object { get; init; }

    /// <summary>How it ended; null when a later version wrote something that this one does not know.</summary>
    public required AuditOutcome? Outcome { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>Ties together all that one request caused.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Frameworks that want it on record.</summary>
    public IReadOnlyList<string> Frameworks { get; init; } = [];

    /// <summary>What the log thought of the source's clock: <c>ahead</c> or <c>backdated</c>; null when it fits.</summary>
    public string? Clock { get; init; }

    /// <summary>How long it is kept.</summary>
    public string RetentionClass { get; init; } = "";

    /// <summary>State before.</summary>
    public JsonNode? Before { get; init; }

    /// <summary>State after.</summary>
    public JsonNode? After { get; init; }

    /// <summary>What else is known.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>Personal data that belong to it, which are kept apart.</summary>
    public IReadOnlyList<CommitmentRecord> PersonalData { get; init; } = [];

    /// <summary>The exact bytes.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">Its bytes are no entry: somebody changed the store, and the verification will say so.</exception>
    public static RecordedEntry Of(AuditEntry entry)
    {
        var said = AuditEntryReader.Read(entry.Bytes);
        return new()
        {
            Index = entry.Index,
            Bytes = entry.Bytes,
            Id = said.EventId,
            RecordedAt = said.RecordedAt,
            OccurredAt = said.OccurredAt,
            Clock = said.Clock,
            Source = said.Source,
            SourceSequence = said.SourceSequence,
            Actor = said.Actor,
            Action = said.Action,
            Object = said.Object,
            Outcome = said.Outcome,
            Reason = said.Reason,
            CorrelationId = said.CorrelationId,
            Frameworks = said.Frameworks,
            RetentionClass = said.RetentionClass,
            Before = said.Before,
            After = said.After,
            Details = said.Details,
            PersonalData = said.Commitments,
        };
    }
}
