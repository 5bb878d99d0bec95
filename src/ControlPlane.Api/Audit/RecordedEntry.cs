using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Compliance.Audit;

namespace ControlPlane.Api.Audit;

/// <summary>What an entry says, read from its bytes. The bytes are what counts: what is read of them is for people and never hashed.</summary>
public sealed record RecordedEntry
{
    /// <summary>Index in the log, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>Id of the event.</summary>
    public required string Id { get; init; }

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

    /// <summary>How it ended.</summary>
    public required AuditOutcome Outcome { get; init; }

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
    public IReadOnlyList<CommittedDatum> PersonalData { get; init; } = [];

    /// <summary>The exact bytes.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="JsonException">Its bytes are no entry: somebody changed the store, and the verification will say so.</exception>
    public static RecordedEntry Of(AuditEntry entry)
    {
        var json = JsonNode.Parse(entry.Bytes.Span) as JsonObject ?? throw new JsonException($"entry {entry.Index} is no object");
        try
        {
            return Read(entry, json);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new JsonException($"entry {entry.Index} can't be read: {e.Message}", e);
        }
    }

    private static RecordedEntry Read(AuditEntry entry, JsonObject json) => new()
    {
        Index = entry.Index,
        Bytes = entry.Bytes,
        Id = Text(json, "eventId"),
        RecordedAt = Instant(json, "recordedAt"),
        OccurredAt = Instant(json, "occurredAt"),
        Source = Text(json, "source"),
        SourceSequence = (long?)json["sourceSequence"],
        Actor = json["actor"] is JsonObject actor
            ? new(Enum.Parse<AuditActorKind>(Text(actor, "kind"), ignoreCase: true), Text(actor, "id"), Text(actor, "via"))
            : throw new FormatException("actor is missing"),
        Action = Text(json, "action"),
        Object = json["object"] is JsonObject item ? new(Text(item, "kind"), (string?)item["namespace"] ?? "", Text(item, "name")) : null,
        Outcome = Enum.Parse<AuditOutcome>(Text(json, "outcome"), ignoreCase: true),
        Reason = (string?)json["reason"],
        CorrelationId = (string?)json["correlationId"],
        Frameworks = [.. (json["frameworks"] as JsonArray ?? []).Select(framework => (string)framework!)],
        Clock = (string?)json["clock"],
        RetentionClass = (string?)json["retentionClass"] ?? "",
        Before = json["before"]?.DeepClone(),
        After = json["after"]?.DeepClone(),
        Details = json["details"]?.DeepClone() as JsonObject,
        PersonalData =
        [
            .. (json["commitments"] as JsonArray ?? []).OfType<JsonObject>()
                .Select(datum => new CommittedDatum(Text(datum, "subject"), Text(datum, "field"), Text(datum, "digest"))),
        ],
    };

    private static string Text(JsonObject json, string field) => (string?)json[field] ?? throw new FormatException($"{field} is missing");

    private static DateTimeOffset Instant(JsonObject json, string field) =>
        DateTimeOffset.Parse(Text(json, field), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
}

/// <summary>What an entry says of a personal datum.</summary>
/// <param name="Subject">Opaque id of the person.</param>
/// <param name="Field">What it is, such as <c>actor.address</c>.</param>
/// <param name="Digest">Commitment to the datum: it shows later that the datum was this one, and tells nothing of it.</param>
public sealed record CommittedDatum(string Subject, string Field, string Digest);
