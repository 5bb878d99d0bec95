using System.Net;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Live;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Approvals;

/// <summary>Keeps commands until a second person decides.</summary>
public sealed class ApprovalDesk(IDbContextFactory<ControlPlaneContext> contexts, Authorizer authorizer, IAuditLog log, TimeProvider time) : IApprovalDesk
{
    /// <summary>Requests of one caller that may wait at once.</summary>
    private const int MostWaiting = 100;

    /// <summary>Tells readers which requests changed.</summary>
    public ChangeFeed<Guid> Changes { get; } = new();

    /// <inheritdoc/>
    async Task<Guid> IApprovalDesk.AskAsync(Command command, ApprovalRule rule, CommandRecord record, CancellationToken cancellationToken)
    {
        if (command is not { Plan: { } plan, Change: { } change })
        {
            throw new RequestException(
                HttpStatusCode.UnprocessableEntity, "change", "this takes a second person's approval, and it holds a secret in clear, which can't be kept until then: take the secret out");
        }

        var planned = await plan(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var request = RequestOf(command, change, planned, rule, record.CorrelationId);
        if (await context.Set<ApprovalRequest>().CountAsync(other => other.State == ApprovalState.Pending && other.AskerId == request.AskerId, cancellationToken) >= MostWaiting)
        {
            throw new RequestException(HttpStatusCode.Conflict, "change", $"{MostWaiting} of your changes wait for approval already: withdraw some, or wait");
        }

        context.Add(request);
        await log.AppendAsync(record.Pending(request.Id), cancellationToken);
        await context.SaveChangesAsync(CancellationToken.None);
        Changes.Publish(request.Id);
        return request.Id;
    }

    private ApprovalRequest RequestOf(Command command, System.Text.Json.Nodes.JsonNode change, CommandPlan plan, ApprovalRule rule, string correlationId)
    {
        var (now, caller) = (time.GetUtcNow(), authorizer.Caller);
        return new()
        {
            Id = Guid.CreateVersion7(now),
            Action = command.Permission.Name,
            Subjects = [.. command.Subjects.Select(subject => subject with { Wanted = null })],
            Change = change,
            Plan = plan,
            Reason = command.Reason!,
            AskedBy = new(caller.Kind, caller.Id, caller.PersonId, caller.Via, caller.Grants),
            AskerId = caller.Id,
            AskedAt = now,
            ExpiresAt = now + rule.ExpiresAfter,
            DecidedByRoles = rule.Groups,
            CorrelationId = correlationId,
        };
    }
}
