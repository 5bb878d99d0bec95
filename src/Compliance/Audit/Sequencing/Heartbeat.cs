namespace Compliance.Audit.Sequencing;

/// <summary>The entry that a log writes when nobody else does: a missing one is evidence.</summary>
internal static class Heartbeat
{
    public const string Action = "log.heartbeat";

    public static AuditEvent At(DateTimeOffset time) => new()
    {
        Id = Guid.CreateVersion7(time),
        Source = "audit-log",
        OccurredAt = time,
        Actor = new AuditActor(AuditActorKind.System, "audit-log", "system"),
        Action = Action,
    };
}
