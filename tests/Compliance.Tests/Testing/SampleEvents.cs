using System.Text.Json.Nodes;

namespace Compliance.Audit.Testing;

/// <summary>Events in a line each.</summary>
internal static class SampleEvents
{
    public static AuditEvent Of(string action, string? target = null, string actor = "u-1", AuditOutcome outcome = AuditOutcome.Succeeded, string? correlation = null, DateTimeOffset? at = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Source = "console",
        OccurredAt = at ?? new DateTimeOffset(2026, 11, 23, 6, 30, 0, TimeSpan.Zero),
        Actor = new(AuditActorKind.Person, actor, "console"),
        Action = action,
        Object = target?.Split('/') is [var ns, var name] ? new("ManagedService", ns, name) : null,
        Outcome = outcome,
        CorrelationId = correlation,
    };

    public static AuditEvent Change(this AuditEvent item, string before, string after) => item with { Before = JsonNode.Parse(before), After = JsonNode.Parse(after) };
}
