using ControlPlane.Api.Tests.Audit.Storage;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>The same on a real PostgreSQL server.</summary>
public sealed class PostgresTamperTests : TamperTests, IClassFixture<PostgresTamperedLogs>
{
    public PostgresTamperTests(PostgresTamperedLogs logs)
        : base(logs) => Assert.SkipWhen(PostgresServer.MissingBecause is not null, PostgresServer.MissingBecause ?? "");
}
