using System.Net;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Holds;

/// <summary>Releases legal holds. What they kept goes when its time is over, by the next prune or erasure.</summary>
public sealed class ReleaseHold(CommandGate gate, IAuditLog log, HoldQuery holds, Authorizer authorizer, TimeProvider time) : IApprovableCommand
{
    private const string IdField = "id";

    /// <inheritdoc/>
    public string Action => Permissions.ReleaseHold.Name;

    /// <summary>Releases a hold.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">There is no such hold, it was released, or no reason was given.</exception>
    /// <exception cref="ApprovalPendingException">It waits for a second person.</exception>
    public Task<HoldView> ReleaseAsync(string id, string? reason, CancellationToken cancellationToken) => ReleaseAsync(id, reason, approval: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        await ReleaseAsync((string)change[IdField]!, reason, grant, cancellationToken);
        return null;
    }

    private async Task<HoldView> ReleaseAsync(string id, string? reason, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        var hold = await holds.HoldAsync(id, cancellationToken);
        if (!hold.Stands)
        {
            throw new RequestException(HttpStatusCode.Conflict, IdField, "the hold was released before");
        }

        if (Reasons.Objection(reason?.Trim(), isWanted: true) is { } objection)
        {
            throw objection;
        }

        var plan = new PlannedChange(LegalHold.ObjectKind, "", id, PlannedAction.Delete, HoldView.Describe(hold.Reference, hold.Scope), "");
        var command = new Command(Permissions.ReleaseHold, new CommandSubject(LegalHold.ObjectKind, "", id))
        {
            Reason = reason!.Trim(),
            Change = new JsonObject { [IdField] = id },
            Plan = _ => Task.FromResult(new CommandPlan(id, [plan])),
            Approval = approval,
        };
        return await gate.RunAsync(
            command,
            async (trace, cancel) =>
            {
                trace.Before = new JsonObject { ["entry"] = hold.Index, ["reference"] = hold.Reference };
                var released = LegalHold.ReleaseOf(id, command.Reason, AccessAudit.ActorOf(authorizer.Caller), approval?.ApprovedBy, trace.CorrelationId, time.GetUtcNow());
                await log.AppendAsync([released], cancel);
                return HoldView.Of(await holds.HoldAsync(id, CancellationToken.None));
            },
            cancellationToken);
    }
}
