using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Compliance.Audit.Personal;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Holds;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Api.Audit.Erasures;

/// <summary>Erases somebody's personal data, as far as neither a law nor a hold keeps them. Nobody can undo it; entries stay, and still verify.</summary>
public sealed class EraseCommand(CommandGate gate, PersonalErasure erasure, ErasurePlanner planner, IPersonalVault vault, ErasureQuery erasures, Authorizer authorizer) : IApprovableCommand
{
    private const int MostSubjects = 50;
    private const string SubjectsField = "subjects";

    /// <inheritdoc/>
    public string Action => Permissions.ErasePersonalData.Name;

    /// <summary>Erases.</summary>
    /// <returns>The certificates.</returns>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">Something of the draft does not do.</exception>
    /// <exception cref="RetentionException">The log is not as it was recorded.</exception>
    /// <exception cref="ApprovalPendingException">It waits for a second person.</exception>
    public Task<IReadOnlyList<ErasureView>> RunAsync(ErasureDraft draft, CancellationToken cancellationToken) => RunAsync(draft, approval: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        await RunAsync(change.Deserialize<ErasureDraft>(JsonSerializerOptions.Web)! with { Reason = reason }, grant, cancellationToken);
        return null;
    }

    private async Task<IReadOnlyList<ErasureView>> RunAsync(ErasureDraft draft, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var reference = References.Read(draft.Reference);
        if (Reasons.Objection(draft.Reason?.Trim(), isWanted: true) is { } objection)
        {
            throw objection;
        }

        List<string> subjects = [.. (draft.Subjects ?? []).Distinct(StringComparer.Ordinal)];
        if (subjects.Count is 0 or > MostSubjects || !subjects.TrueForAll(static subject => subject is { Length: > 0 and <= 256 }))
        {
            throw RequestException.BadParameter(SubjectsField, $"name 1 to {MostSubjects} opaque ids, as a preview told them");
        }

        var command = new Command(Permissions.ErasePersonalData, [.. subjects.Select(static subject => new CommandSubject(ErasureCertificate.ObjectKind, "", subject))])
        {
            Reason = draft.Reason!.Trim(),
            Change = JsonSerializer.SerializeToNode(new ErasureDraft(subjects, reference, Reason: null), JsonSerializerOptions.Web),
            Plan = cancel => PlanAsync(subjects, reference, cancel),
            Approval = approval,
        };
        return await gate.RunAsync(
            command,
            async (trace, cancel) =>
            {
                List<ErasureView> certificates = [];
                foreach (var subject in command.Subjects)
                {
                    await DemandDataAsync(subject.Name, cancel);
                    var certificate = await erasure.EraseAsync(new ErasureRequest(subject.Name, reference, command.Reason), AccessAudit.ActorOf(authorizer.Caller), trace.CorrelationId, cancel);
                    trace.Add(subject, before: null, after: new JsonObject { ["certificate"] = certificate.Index });
                    certificates.Add(ErasureView.Of(certificate));
                    erasures.Changes.Publish(subject.Name);
                }

                return (IReadOnlyList<ErasureView>)certificates;
            },
            cancellationToken);
    }

    /// <summary>What an approver sees. It moves when a hold comes or goes, and not with each event of the person that is recorded meanwhile.</summary>
    private async Task<CommandPlan> PlanAsync(List<string> subjects, string reference, CancellationToken cancellationToken)
    {
        List<PlannedChange> changes = [];
        var digest = new StringBuilder(reference);
        foreach (var subject in subjects)
        {
            await DemandDataAsync(subject, cancellationToken);
            var plan = await planner.PlanAsync(subject, cancellationToken);
            changes.Add(new PlannedChange(ErasureCertificate.ObjectKind, "", subject, PlannedAction.Delete, Describe(reference, plan), ""));
            digest.Append('\n').Append(subject).Append(' ').AppendJoin(' ', plan.Stays.Select(static kept => kept.Hold).OfType<string>().Distinct().Order(StringComparer.Ordinal));
        }

        return new CommandPlan(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(digest.ToString()))), changes);
    }

    private async Task DemandDataAsync(string subject, CancellationToken cancellationToken)
    {
        if ((await vault.DigestsAsync(subject, cancellationToken)).Count == 0)
        {
            throw new RequestException(HttpStatusCode.NotFound, SubjectsField, $"no personal data are kept of {subject}");
        }
    }

    private static string Describe(string reference, ErasurePlan plan)
    {
        var (goes, stays) = (new JsonObject(), new JsonArray());
        foreach (var (field, count) in plan.GoesByField)
        {
            goes[field] = count;
        }

        foreach (var kept in plan.Stays)
        {
            stays.Add((JsonNode)new JsonObject { ["field"] = kept.Field, ["data"] = kept.Count, ["because"] = kept.Hold is { } hold ? $"legal hold {hold}" : kept.Rule ?? "no rule speaks of the class of their entries" });
        }

        return ManifestWriter.ToYaml(new JsonObject { ["reference"] = reference, ["goes"] = goes, ["stays"] = stays });
    }
}
