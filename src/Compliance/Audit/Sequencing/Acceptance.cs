using System.Text.Json.Nodes;

namespace Compliance.Audit.Sequencing;

/// <summary>The entry that a log writes when an admin has it go on although another root was recorded than its entries have.</summary>
internal static class Acceptance
{
    public const string Action = "log.accept";

    public static AuditEvent Of(LogHead head, LogObjection objection, DateTimeOffset time) => new()
    {
        Id = Guid.CreateVersion7(time),
        Source = "audit-log",
        OccurredAt = time,
        Actor = new AuditActor(AuditActorKind.System, "audit-log", "configuration"),
        Action = Action,
        Reason = objection.Why,
        Details = new JsonObject { ["size"] = head.Size, ["recorded"] = head.Root.ToString(), ["accepted"] = objection.Root.ToString(), ["signed"] = head.Checkpoint?.Size },
    };
}
