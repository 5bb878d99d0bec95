namespace Compliance.Audit.Entries;

/// <summary>How enumerations are written in entries.</summary>
public static class EntryNames
{
    /// <summary>Name of an outcome.</summary>
    public static string Of(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Attempted => "attempted",
        AuditOutcome.Succeeded => "succeeded",
        AuditOutcome.Failed => "failed",
        AuditOutcome.Refused => "refused",
        AuditOutcome.Pending => "pending",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>Name of a kind of actor.</summary>
    public static string Of(AuditActorKind kind) => kind switch
    {
        AuditActorKind.Anonymous => "anonymous",
        AuditActorKind.Person => "person",
        AuditActorKind.Token => "token",
        AuditActorKind.Workload => "workload",
        AuditActorKind.System => "system",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
