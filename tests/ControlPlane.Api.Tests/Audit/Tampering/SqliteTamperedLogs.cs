using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit.Storage.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>In files.</summary>
public sealed class SqliteTamperedLogs : TamperedLogs
{
    public override Task<string> NewAsync() => Task.FromResult(Path.Combine(NewFolder(), "audit.db"));

    public override async Task<string> CopyAsync(string log)
    {
        var copy = await NewAsync();
        File.Copy(log, copy);
        return copy;
    }

    internal override IAuditStore Store(string log) => new SqliteAuditStore(log);

    internal override TamperedDatabase Own(string log) => TamperedSqlite.Open(log);
}
