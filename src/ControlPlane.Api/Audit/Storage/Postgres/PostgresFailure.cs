using Compliance.Audit;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>Says what stands in the way of PostgreSQL, and what would help.</summary>
internal static class PostgresFailure
{
    public static AuditUnavailableException Of(Exception failure) => new(
        failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "the disk of the audit log's PostgreSQL server is full: nothing can be changed until there is room",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => $"the role of the program may not use the audit log: {refused.MessageText}",
            PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => "another process wrote to the audit log: this one stops writing until it knows what is there",
            PostgresException other => $"PostgreSQL refuses: {other.MessageText} ({other.SqlState})",
            _ => $"the audit log's PostgreSQL server does not answer: {failure.Message}",
        },
        failure);
}
