using System.Collections.Concurrent;
using Compliance.Audit;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>An audit log that tests look into.</summary>
internal sealed class RecordedAudit : IAuditLog
{
    private readonly ConcurrentQueue<AuditEvent> _events = [];

    public IReadOnlyList<AuditEvent> Events => [.. _events];

    /// <summary>True while it takes nothing.</summary>
    public bool IsAway { get; set; }

    public Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new AuditUnavailableException("the disk is full");
        }

        foreach (var item in events)
        {
            _events.Enqueue(item);
        }

        return Task.FromResult<IReadOnlyList<AuditReceipt>>([.. events.Select(item => new AuditReceipt(item.Id, 0, default, IsDuplicate: false))]);
    }
}
