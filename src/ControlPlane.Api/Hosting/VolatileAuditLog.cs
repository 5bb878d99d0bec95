using Compliance.Audit;

namespace ControlPlane.Api.Hosting;

/// <summary>Stands in for the audit log on this branch only: goes as soon as the log's own registration is merged.</summary>
internal sealed class VolatileAuditLog : IAuditLog
{
    private long _index = -1;

    public Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AuditReceipt>>([.. events.Select(e => new AuditReceipt(e.Id, Interlocked.Increment(ref _index), default, IsDuplicate: false))]);
}
