using System.Text.Json.Nodes;

namespace Compliance.Audit;

/// <summary>
/// Something that happened and must be on record. What the log stores of it is an entry: the canonical JSON (RFC 8785) of these fields, with
/// commitments in the place of personal data, at most <see cref="AuditLimits.EntryBytes"/> long.
/// </summary>
public sealed record AuditEvent
{
    /// <summary>Identity of the event; appending the same one twice records it once. A UUIDv7, so that ids sort by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who tells it: <c>console</c>, <c>operators</c>, <c>kube-apiserver</c>, or the name of a fleet service as <c>namespace/name</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Number of the event at its source, from 1 without gaps, so that a missing one shows; null where the source does not count.</summary>
    public long? SourceSequence { get; init; }

    /// <summary>When it happened (UTC), by the clock of the source.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Who did it.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>What was done, as <c>noun.verb</c>: <c>manifests.apply</c>, <c>session.start</c>, <c>reconcile.write</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what.</summary>
    public AuditObject? Object { get; init; }

    /// <summary>How it ended.</summary>
    public AuditOutcome Outcome { get; init; } = AuditOutcome.Succeeded;

    /// <summary>Why, in the words of whoever did it, or why it was refused; null when nobody was asked.</summary>
    public string? Reason { get; init; }

    /// <summary>Ties together all that one request caused.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Frameworks that want this on record: <c>RBI</c>, <c>GST</c>, <c>CERT-In</c>, <c>DPDP</c>, <c>PCI-DSS</c>.</summary>
    public IReadOnlyList<string> Frameworks { get; init; } = [];

    /// <summary>Name of the retention class (Retention/), which decides how long the entry is kept.</summary>
    public string RetentionClass { get; init; } = "governance";

    /// <summary>State before, as far as it matters; without personal data.</summary>
    public JsonNode? Before { get; init; }

    /// <summary>State after, as far as it matters; without personal data.</summary>
    public JsonNode? After { get; init; }

    /// <summary>What else is known; without personal data.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>Personal data that belongs to the event: kept apart, erasable, and only committed to in the entry.</summary>
    public IReadOnlyList<PersonalDatum> PersonalData { get; init; } = [];
}

/// <summary>Who did something. Names and addresses of people are personal data and do not belong here.</summary>
/// <param name="Kind">What sort of actor.</param>
/// <param name="Id">Opaque and lasting: a user's id, a token's id, <c>system:serviceaccount:ns:name</c>, a controller's name.</param>
/// <param name="Via">By which way: <c>console</c>, <c>rest</c>, <c>kubectl</c>, <c>operator</c>.</param>
public sealed record AuditActor(AuditActorKind Kind, string Id, string Via);

/// <summary>Sorts of actors.</summary>
public enum AuditActorKind
{
    /// <summary>Nobody known, such as a failed sign-in.</summary>
    Anonymous,

    /// <summary>A person who signed in.</summary>
    Person,

    /// <summary>An API token.</summary>
    Token,

    /// <summary>A Kubernetes ServiceAccount or another workload.</summary>
    Workload,

    /// <summary>The control plane itself.</summary>
    System,
}

/// <summary>What something was done to.</summary>
/// <param name="Kind">Kind, as Kubernetes or the API names it: <c>ManagedService</c>, <c>User</c>, <c>Export</c>.</param>
/// <param name="Namespace">Namespace; empty when it has none.</param>
/// <param name="Name">Name or opaque id.</param>
public sealed record AuditObject(string Kind, string Namespace, string Name);

/// <summary>How something ended.</summary>
public enum AuditOutcome
{
    /// <summary>It is about to be tried; another entry with the same correlation id says how it ended. Without that one, the process died between.</summary>
    Attempted,

    /// <summary>It was done.</summary>
    Succeeded,

    /// <summary>It could not be done.</summary>
    Failed,

    /// <summary>It was not allowed.</summary>
    Refused,

    /// <summary>It waits for a second person's approval.</summary>
    Pending,
}

/// <summary>A personal datum of an event.</summary>
/// <param name="Subject">Opaque id of the person whose datum it is: erasing the subject's key erases the datum everywhere.</param>
/// <param name="Field">What it is, such as <c>actor.address</c>.</param>
/// <param name="Value">The datum.</param>
public sealed record PersonalDatum(string Subject, string Field, string Value);

/// <summary>Bounds of the log.</summary>
public static class AuditLimits
{
    /// <summary>Longest entry, in bytes of canonical JSON.</summary>
    public const int EntryBytes = 16 * 1024;
}
