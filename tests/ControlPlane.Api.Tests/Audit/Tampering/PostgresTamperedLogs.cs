using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit.Storage.Postgres;
using ControlPlane.Api.Tests.Audit.Storage;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>In databases of a real server.</summary>
public sealed class PostgresTamperedLogs(PostgresServer server) : TamperedLogs
{
    public override Task<string> NewAsync() => server.CreateDatabaseAsync();

    public override Task<string> CopyAsync(string log) => server.CreateDatabaseAsync(template: log);

    internal override IAuditStore Store(string log) => new PostgresAuditStore(server.ConnectionString(log));

    internal override TamperedDatabase Own(string log) => TamperedPostgres.Open(server, log);

    public override ValueTask InitializeAsync() => PostgresServer.MissingBecause is null ? base.InitializeAsync() : ValueTask.CompletedTask; // its tests are skipped
}
