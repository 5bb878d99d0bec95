using Compliance.Audit;
using Compliance.Audit.Testing;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>Appends to the log that tests of recording look into, and to the one that is read. What the history records by itself goes only into the latter.</summary>
internal sealed class BothLogs(InMemoryAuditLog recorded, MemoryLog read) : IAuditLog
{
    public async Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        if (events.All(item => item.Action.StartsWith("history.", StringComparison.Ordinal)))
        {
            return await read.AppendAsync(events, cancellationToken);
        }

        var receipts = await recorded.AppendAsync(events, cancellationToken);
        await read.AppendAsync(events, cancellationToken);
        return receipts;
    }
}
