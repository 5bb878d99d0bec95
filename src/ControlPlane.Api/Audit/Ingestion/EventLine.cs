using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Compliance.Audit;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>An event as a fleet service sends it: one line of JSON. Fields that are not here are errors, as a mistyped name would lose what it holds.</summary>
internal sealed record EventLine
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNameCaseInsensitive = false,
        MaxDepth = 32,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public required Guid Id { get; init; }

    public required string Source { get; init; }

    public long? SourceSequence { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required EventActor Actor { get; init; }

    public required string Action { get; init; }

    public AuditObject? Object { get; init; }

    public AuditOutcome Outcome { get; init; } = AuditOutcome.Succeeded;

    public string? Reason { get; init; }

    public string? CorrelationId { get; init; }

    public IReadOnlyList<string> Frameworks { get; init; } = [];

    public string? RetentionClass { get; init; }

    public JsonNode? Before { get; init; }

    public JsonNode? After { get; init; }

    public JsonObject? Details { get; init; }

    public IReadOnlyList<PersonalDatum> PersonalData { get; init; } = [];

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not such an event; the path says where.</exception>
    public static EventLine Read(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize<EventLine>(line, Strict) ?? throw new JsonException("an event is a JSON object, not null");

    /// <summary>The event that it tells.</summary>
    public AuditEvent ToEvent()
    {
        var item = new AuditEvent
        {
            Id = Id,
            Source = Source,
            SourceSequence = SourceSequence,
            OccurredAt = OccurredAt.ToUniversalTime(),
            Actor = new(Actor.Kind, Actor.Id, Actor.Via ?? "service"),
            Action = Action,
            Object = Object,
            Outcome = Outcome,
            Reason = Reason,
            CorrelationId = CorrelationId,
            Frameworks = Frameworks,
            Before = Before,
            After = After,
            Details = Details,
            PersonalData = PersonalData,
        };
        return RetentionClass is null ? item : item with { RetentionClass = RetentionClass };
    }
}

/// <summary>Who did it, as a fleet service tells it.</summary>
/// <param name="Kind">What sort of actor.</param>
/// <param name="Id">Opaque id.</param>
/// <param name="Via">By which way; null for the service itself.</param>
internal sealed record EventActor(AuditActorKind Kind, string Id, string? Via = null);
