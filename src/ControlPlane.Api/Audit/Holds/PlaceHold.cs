using System.Text.Json;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Holds;

/// <summary>Places legal holds. Once the entry is in the log, nothing that it keeps is pruned or erased.</summary>
public sealed class PlaceHold(CommandGate gate, IAuditLog log, HoldQuery holds, Authorizer authorizer, TimeProvider time) : IApprovableCommand
{
    /// <inheritdoc/>
    public string Action => Permissions.PlaceHold.Name;

    /// <summary>Places a hold.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">Something of the draft does not do.</exception>
    /// <exception cref="ApprovalPendingException">It waits for a second person.</exception>
    public Task<HoldView> PlaceAsync(HoldDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return PlaceAsync(draft, Secret.NewId("hold"), approval: null, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        var asked = change.Deserialize<Asked>(JsonSerializerOptions.Web)!;
        await PlaceAsync(new HoldDraft(asked.Scope, asked.Reference, reason), asked.Id, grant, cancellationToken);
        return null;
    }

    private async Task<HoldView> PlaceAsync(HoldDraft draft, string id, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        var reference = References.Read(draft.Reference);
        var scope = (draft.Scope ?? throw RequestException.BadParameter("scope", "say what the hold keeps; an empty scope, {}, keeps the whole log")).ToQuery();
        if (Reasons.Objection(draft.Reason?.Trim(), isWanted: true) is { } objection)
        {
            throw objection;
        }

        var change = JsonSerializer.SerializeToNode(new Asked(id, reference, HoldScope.Of(scope)), JsonSerializerOptions.Web)!;
        var plan = new PlannedChange(LegalHold.ObjectKind, "", id, PlannedAction.Create, "", HoldView.Describe(reference, scope));
        var command = new Command(Permissions.PlaceHold, new CommandSubject(LegalHold.ObjectKind, "", id) { Wanted = change.DeepClone() })
        {
            Reason = draft.Reason!.Trim(),
            Change = change,
            Plan = _ => Task.FromResult(new CommandPlan(id, [plan])),
            Approval = approval,
        };
        return await gate.RunAsync(
            command,
            async (trace, cancel) =>
            {
                trace.After = change.DeepClone();
                await log.AppendAsync([LegalHold.Place(id, reference, scope, command.Reason, AccessAudit.ActorOf(authorizer.Caller), trace.CorrelationId, time.GetUtcNow())], cancel);
                return HoldView.Of(await holds.HoldAsync(id, CancellationToken.None));
            },
            cancellationToken);
    }

    /// <summary>A hold as it waits for its approval.</summary>
    private sealed record Asked(string Id, string Reference, HoldScope Scope);
}
