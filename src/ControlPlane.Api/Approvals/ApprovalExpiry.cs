using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Approvals;

/// <summary>
/// Closes requests on which nobody decided in time, and those that were approved by a process that died while they ran: what became of these, the
/// audit log knows as far as anybody does.
/// </summary>
public sealed partial class ApprovalExpiry(
    IDbContextFactory<ControlPlaneContext> contexts, IAuditLog log, ApprovalDesk desk, TimeProvider time, ILogger<ApprovalExpiry> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>No change takes so long.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(15);

    /// <summary>Closes what is due now.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = now - LongestRun;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var due = await context.Set<ApprovalRequest>()
            .Where(request => (request.State == ApprovalState.Pending && request.ExpiresAt <= now)
                || (request.State == ApprovalState.Approved && request.DecidedAt < since))
            .ToListAsync(cancellationToken);
        foreach (var request in due)
        {
            (request.State, request.Problem) = request.State == ApprovalState.Pending
                ? (ApprovalState.Expired, null)
                : (ApprovalState.Failed, $"the process ended while it ran: see change {request.CorrelationId} in the audit log");
            request.Version++;
            await log.AppendAsync([Entry(request, now)], cancellationToken);
            await SaveAsync(context, cancellationToken);
            desk.Changes.Publish(request.Id);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await CloseAsync(stoppingToken);
            }
            catch (Exception e) when (e is AuditUnavailableException or DbUpdateException or System.Data.Common.DbException)
            {
                LogLater(e); // nothing is lost: a request that is due stays due, and can't be approved meanwhile
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static async Task SaveAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException e)
        {
            foreach (var entry in e.Entries)
            {
                entry.State = EntityState.Detached; // another process was faster
            }
        }
    }

    /// <summary>Its id is the request's, so that it is recorded once when two replicas close a request at the same time.</summary>
    private static AuditEvent Entry(ApprovalRequest request, DateTimeOffset now) => new()
    {
        Id = request.Id,
        Source = CommandRecord.Source,
        OccurredAt = now,
        Actor = AccessAudit.ActorOf(Caller.System),
        Action = request.State == ApprovalState.Expired ? "approvals.expire" : "approvals.close",
        Object = new("Approval", request.Subjects[0].Namespace, request.Id.ToString()),
        Reason = request.Problem,
        CorrelationId = request.CorrelationId,
        Details = new JsonObject { ["action"] = request.Action, ["askedBy"] = request.AskedBy.Id },
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Approvals that are due can't be closed now; it is tried again")]
    private partial void LogLater(Exception exception);
}
