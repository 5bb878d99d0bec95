using System.Text.Json;
using System.Text.Json.Nodes;

namespace Compliance.Audit.Entries;

/// <summary>
/// Reads stored entries for people, pages and verifiers. What a later schema version adds is passed over, and what it leaves out is empty; hashing
/// never goes by what is read here, only by the bytes.
/// </summary>
public static class AuditEntryReader
{
    /// <summary>What an entry says.</summary>
    /// <exception cref="FormatException">It is not an entry.</exception>
    public static AuditEntryRecord Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"it is not an entry: {e.Message}", e);
        }
    }

    /// <summary>What an entry says; null when it is not an entry, which only a change past the log can make of one.</summary>
    public static AuditEntryRecord? TryRead(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static AuditEntryRecord Read(JsonElement entry) => new()
    {
        Schema = entry.TryGetProperty("schema", out var schema) ? schema.GetInt32() : 0,
        Log = Text(entry, "log") ?? "",
        EventId = Guid.TryParse(Text(entry, "eventId"), out var id) ? id : Guid.Empty,
        Source = Text(entry, "source") ?? "",
        SourceSequence = entry.TryGetProperty("sourceSequence", out var sequence) ? sequence.GetInt64() : null,
        OccurredAt = Time(entry, "occurredAt"),
        RecordedAt = Time(entry, "recordedAt"),
        Clock = Text(entry, "clock"),
        Actor = entry.TryGetProperty("actor", out var actor) ? ReadActor(actor) : new AuditActor(AuditActorKind.Anonymous, "", ""),
        Action = Text(entry, "action") ?? "",
        Object = entry.TryGetProperty("object", out var target) ? new AuditObject(Text(target, "kind") ?? "", Text(target, "namespace") ?? "", Text(target, "name") ?? "") : null,
        Outcome = Enum.TryParse<AuditOutcome>(Text(entry, "outcome"), ignoreCase: true, out var outcome) ? outcome : null,
        Reason = Text(entry, "reason"),
        CorrelationId = Text(entry, "correlationId"),
        Frameworks = entry.TryGetProperty("frameworks", out var frameworks) ? [.. frameworks.EnumerateArray().Select(static f => f.GetString()!)] : [],
        RetentionClass = Text(entry, "retentionClass") ?? "",
        Before = Node(entry, "before"),
        After = Node(entry, "after"),
        Details = Node(entry, "details") as JsonObject,
        Commitments = entry.TryGetProperty("commitments", out var commitments) ? [.. commitments.EnumerateArray().Select(ReadCommitment)] : [],
    };

    private static AuditActor ReadActor(JsonElement actor) => new(
        Enum.TryParse<AuditActorKind>(Text(actor, "kind"), ignoreCase: true, out var kind) ? kind : AuditActorKind.Anonymous, Text(actor, "id") ?? "", Text(actor, "via") ?? "");

    private static CommitmentRecord ReadCommitment(JsonElement commitment) => new(Text(commitment, "subject") ?? "", Text(commitment, "field") ?? "", Text(commitment, "digest") ?? "");

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static DateTimeOffset Time(JsonElement entry, string name) => Text(entry, name) is { } text ? EntryTime.Parse(text) : default;

    private static JsonNode? Node(JsonElement entry, string name) => entry.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Object => JsonObject.Create(value.Clone()),
            JsonValueKind.Array => JsonArray.Create(value.Clone()),
            _ => JsonValue.Create(value.Clone()),
        }
        : null;
}

/// <summary>What an entry says.</summary>
public record AuditEntryRecord
{
    /// <summary>Version of the entry's shape.</summary>
    public required int Schema { get; init; }

    /// <summary>Name of the log.</summary>
    public required string Log { get; init; }

    /// <summary>The event.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Who told it.</summary>
    public required string Source { get; init; }

    /// <summary>Its number at its source; null where the source does not count.</summary>
    public long? SourceSequence { get; init; }

    /// <summary>When it happened (UTC), by the clock of the source.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was recorded (UTC), by the clock of the log; never before the entry before it.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary><c>ahead</c> or <c>backdated</c> when the two clocks did not fit; null when they did.</summary>
    public string? Clock { get; init; }

    /// <summary>Who did it.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>What was done.</summary>
    public required string Action { get; init; }

    /// <summary>To what.</summary>
    public AuditObject? Object { get; init; }

    /// <summary>How it ended; null when the entry has an outcome that this version does not know.</summary>
    public AuditOutcome? Outcome { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>Ties together all that one request caused.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Frameworks that want it on record.</summary>
    public IReadOnlyList<string> Frameworks { get; init; } = [];

    /// <summary>Retention class.</summary>
    public required string RetentionClass { get; init; }

    /// <summary>State before.</summary>
    public JsonNode? Before { get; init; }

    /// <summary>State after.</summary>
    public JsonNode? After { get; init; }

    /// <summary>What else is known.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>Personal data that it commits to.</summary>
    public IReadOnlyList<CommitmentRecord> Commitments { get; init; } = [];
}

/// <summary>A commitment to a personal datum.</summary>
/// <param name="Subject">Opaque id of the person.</param>
/// <param name="Field">What it is.</param>
/// <param name="Digest">HMAC-SHA-256 in lower-case hexadecimal.</param>
public sealed record CommitmentRecord(string Subject, string Field, string Digest);
