using Compliance.Audit;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Audit.Storage.Sqlite;

/// <summary>Says what stands in the way of SQLite, and what would help.</summary>
internal static class SqliteFailure
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static AuditUnavailableException Of(Exception failure, string path) => failure is SqliteException { SqliteErrorCode: var code }
        ? new AuditUnavailableException(Explain(code, path), failure)
        : new AuditUnavailableException($"the audit log's database {path} can't be used: {failure.Message}", failure);

    private static string Explain(int code, string path) => code switch
    {
        Full => $"the disk of the audit log's database {path} is full: nothing can be changed until there is room",
        InputOutput => $"the disk of the audit log's database {path} fails to read or write",
        ReadOnly => $"the audit log's database {path} may not be written: see to the file's owner and mode, and that its disk is mounted for writing",
        CannotOpen => $"the audit log's database {path} can't be opened: see that its directory exists and may be written",
        Corrupt or NotADatabase => $"the audit log's database {path} is damaged: restore it from a backup and verify it",
        Busy or Locked => $"another process holds the audit log's database {path}",
        _ => $"the audit log's database {path} can't be used (SQLite error {code})",
    };
}
