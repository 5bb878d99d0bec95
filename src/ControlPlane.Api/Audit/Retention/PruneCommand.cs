using System.Net;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Api.Audit.Retention;

/// <summary>A prune that was done.</summary>
/// <param name="Entry">Index of the certificate in the log.</param>
/// <param name="From">First entry that went.</param>
/// <param name="End">Entry after the last that went.</param>
public sealed record PruneOutcome(long Entry, long From, long End);

/// <summary>Removes entries whose time is over, now rather than by the daily job. Nobody can undo it; proofs go on to verify.</summary>
public sealed class PruneCommand(CommandGate gate, AuditPruner pruner, Authorizer authorizer) : IApprovableCommand
{
    private const string Kind = "AuditLog";
    private const string EndField = "end";

    /// <inheritdoc/>
    public string Action => Permissions.RunPrune.Name;

    /// <summary>What would go now.</summary>
    /// <exception cref="AccessException">The caller may not see it.</exception>
    /// <exception cref="RetentionException">Entries are missing that were not pruned.</exception>
    public async Task<PruneView> PreviewAsync(CancellationToken cancellationToken)
    {
        authorizer.Demand(Permissions.ReadRetention);
        return PruneView.Of(await pruner.PlanAsync(cancellationToken));
    }

    /// <summary>Prunes.</summary>
    /// <param name="end">Entry after the last that is to go, as a preview told it; null for whatever may go now.</param>
    /// <param name="reason">Why; there must be one.</param>
    /// <param name="cancellationToken">Ends it, before anything is removed.</param>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">Nothing may go, something else would than was looked at, or no reason was given.</exception>
    /// <exception cref="RetentionException">The log is not as it was recorded.</exception>
    /// <exception cref="ApprovalPendingException">It waits for a second person.</exception>
    public Task<PruneOutcome> RunAsync(long? end, string? reason, CancellationToken cancellationToken) => RunAsync(end, reason, approval: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        await RunAsync((long)change[EndField]!, reason, grant, cancellationToken);
        return null;
    }

    private async Task<PruneOutcome> RunAsync(long? end, string? reason, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        if (Reasons.Objection(reason?.Trim(), isWanted: true) is { } objection)
        {
            throw objection;
        }

        if ((await pruner.PlanAsync(cancellationToken)).Certificate is not { } certificate)
        {
            throw new RequestException(HttpStatusCode.Conflict, EndField, "nothing can be pruned now: no whole 256 entries are over their time and free of holds");
        }

        if (end is { } seen && seen != certificate.End)
        {
            throw new RequestException(HttpStatusCode.Conflict, EndField, FormattableString.Invariant($"the entries up to {certificate.End} would go by now, and not those up to {seen}: look again"));
        }

        var change = new JsonObject { ["from"] = certificate.From, [EndField] = certificate.End };
        var root = certificate.Root.ToString();
        var command = new Command(Permissions.RunPrune, new CommandSubject(Kind, "", "entries") { Wanted = change.DeepClone() })
        {
            Reason = reason!.Trim(),
            Change = change,
            Plan = _ => Task.FromResult(new CommandPlan(root, [new PlannedChange(Kind, "", "entries", PlannedAction.Delete, Describe(certificate), "")])),
            Approval = approval,
        };
        return await gate.RunAsync(
            command,
            async (trace, cancel) =>
            {
                var pruned = await pruner.PruneAsync(certificate, AccessAudit.ActorOf(authorizer.Caller), command.Reason, trace.CorrelationId, cancel)
                    ?? throw new RequestException(HttpStatusCode.Conflict, EndField, "nothing can be pruned any more");
                trace.After = new JsonObject { ["certificate"] = pruned.Entry.Index };
                return new PruneOutcome(pruned.Entry.Index, pruned.Certificate.From, pruned.Certificate.End);
            },
            cancellationToken);
    }

    private static string Describe(PruneCertificate certificate)
    {
        var rules = new JsonObject();
        foreach (var (rule, entries) in certificate.ByRule)
        {
            rules[rule] = entries;
        }

        return ManifestWriter.ToYaml(new JsonObject { ["from"] = certificate.From, [EndField] = certificate.End, ["root"] = certificate.Root.ToString(), ["byRule"] = rules });
    }
}
