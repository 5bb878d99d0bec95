namespace ControlPlane.Api.Tests.Audit.Tampering;

public sealed class SqliteTamperTests(SqliteTamperedLogs logs) : TamperTests(logs), IClassFixture<SqliteTamperedLogs>;
