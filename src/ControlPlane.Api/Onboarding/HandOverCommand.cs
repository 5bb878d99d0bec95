using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace ControlPlane.Api.Onboarding;

/// <summary>What came of handing a workload over.</summary>
/// <param name="HandedOver">True when the new declaration was applied; the operators do the rest within seconds.</param>
/// <param name="Preview">What was applied, or why nothing was.</param>
public sealed record HandOverOutcome(bool HandedOver, HandOverPreview Preview);

/// <summary>
/// Hands an adopted workload over to the operator: the new declaration is applied under the console's field manager. Cut off between the two
/// writes, it leaves the service as it was, with the console on record for its spec.
/// </summary>
public sealed class HandOverCommand(HandOverQuery query, KubeApi api, FleetCaches caches, CommandGate gate) : IApprovableCommand
{
    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager };
    private static readonly WriteOptions Apply = Write with { Force = true, FieldValidation = "Strict" };

    /// <inheritdoc/>
    public string Action => Permissions.HandOver.Name;

    /// <summary>Hands over, unless the preview refuses.</summary>
    /// <param name="service">The service that adopts the workload.</param>
    /// <param name="fingerprint">Of the declaration that was looked at; null to take what it is now.</param>
    /// <param name="reason">Why; null when nobody was asked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">The declaration would no longer be the one that was looked at.</exception>
    /// <exception cref="KubeApiException">There is no such service, or the API refuses.</exception>
    public Task<HandOverOutcome> HandOverAsync(ObjectKey service, string? fingerprint, string? reason, CancellationToken cancellationToken) =>
        HandOverAsync(new HandOverChange(service.Namespace, service.Name, fingerprint), reason, approval: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        var outcome = await HandOverAsync(change.Deserialize<HandOverChange>(KubeJson.Options)!, reason, grant, cancellationToken);
        return outcome.HandedOver ? null : Describe(outcome.Preview.Refusals[0]);
    }

    /// <summary>What handing over takes of the caller.</summary>
    public CommandRequirements Requirements(ObjectKey service) => gate.RequirementsOf(CommandFor(service));

    private Command CommandFor(ObjectKey service)
    {
        var live = caches.Services.Cache.Find(service)?.Spec;
        return new Command(Permissions.HandOver, new CommandSubject(ManagedService.ResourceType.Kind, service.Namespace, service.Name)
        {
            Team = live?.Owner.Team,
            Tier = live?.Tier.ToString(),
            Frameworks = live?.Compliance?.Frameworks ?? [],
        });
    }

    private Task<HandOverOutcome> HandOverAsync(HandOverChange change, string? reason, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        var command = CommandFor(new(change.Namespace, change.Name)) with
        {
            Reason = reason,
            Approval = approval,
            Change = JsonSerializer.SerializeToNode(change, KubeJson.Options),
            Plan = cancel => PlanAsync(change, cancel),
        };
        return gate.RunAsync(command, (trace, cancel) => RunAsync(change, trace, cancel), cancellationToken);
    }

    private async Task<CommandPlan> PlanAsync(HandOverChange change, CancellationToken cancellationToken)
    {
        var preview = await PreviewAsync(change, cancellationToken);
        if (!preview.IsPossible)
        {
            throw new RequestException(HttpStatusCode.UnprocessableEntity, preview.Refusals[0].Field, Describe(preview.Refusals[0]));
        }

        var declaration = preview.Declaration!;
        var declared = new PlannedChange(
            ManagedService.ResourceType.Kind, preview.Namespace, preview.Name, PlannedAction.Update, declaration.Diff?.Before ?? "", declaration.Diff?.After ?? declaration.Yaml);
        var objects = preview.Objects.Select(item => new PlannedChange(item.Kind, item.Namespace, item.Name, item.Action, item.Diff?.Before ?? "", item.Diff?.After ?? ""));
        return new(declaration.Fingerprint, [declared, .. objects]);
    }

    private async Task<HandOverPreview> PreviewAsync(HandOverChange change, CancellationToken cancellationToken)
    {
        var preview = await query.PreviewAsync(new(change.Namespace, change.Name), cancellationToken);
        return preview.IsPossible && change.Fingerprint is { } fingerprint && fingerprint != preview.Declaration!.Fingerprint
            ? throw new RequestException(
                HttpStatusCode.PreconditionFailed, "If-Match", "what runs was changed since it was looked at: look at the new preview, then hand over")
            : preview;
    }

    private async Task<HandOverOutcome> RunAsync(HandOverChange change, CommandTrace trace, CancellationToken cancellationToken)
    {
        var preview = await PreviewAsync(change, cancellationToken);
        if (!preview.IsPossible)
        {
            trace.Problem = Describe(preview.Refusals[0]);
            return new(HandedOver: false, preview);
        }

        var service = new ObjectKey(change.Namespace, change.Name);
        var stored = JsonNode.Parse(await api.GetBytesAsync(ManagedService.ResourceType, service, cancellationToken))!.AsObject();
        trace.Before = RecordedState.Of(stored);
        if (SpecClaim.Patch(stored, FleetApi.ConsoleFieldManager) is { } claim)
        {
            await api.JsonPatchAsync(ManagedService.ResourceType, service, claim, Write, cancellationToken);
        }

        var body = await MarkedAsync(preview.Declaration!.Manifest, service, trace, cancellationToken);
        var written = await api.ApplyAsync(ManagedService.ResourceType, service, body, Apply, cancellationToken);
        trace.After = RecordedState.Of(JsonNode.Parse(written)!.AsObject());
        return new(HandedOver: true, preview);
    }

    /// <summary>The declaration with the change's mark, for which the API server must say which generation it would be.</summary>
    private async Task<byte[]> MarkedAsync(JsonObject manifest, ObjectKey service, CommandTrace trace, CancellationToken cancellationToken)
    {
        var declaration = manifest.DeepClone().AsObject();
        var unmarked = JsonSerializer.SerializeToUtf8Bytes(declaration, KubeJson.Options);
        var after = await api.ApplyAsync(ManagedService.ResourceType, service, unmarked, Apply with { DryRun = true }, cancellationToken);
        ChangeMark.Put(declaration, JsonNode.Parse(after)!.AsObject(), trace.CorrelationId);
        return JsonSerializer.SerializeToUtf8Bytes(declaration, KubeJson.Options);
    }

    private static string Describe(OnboardingFinding refusal) => $"{refusal.Kind} {refusal.Name}: {refusal.Field} {refusal.Message}";

    /// <summary>A hand-over as it waits for its approval.</summary>
    private sealed record HandOverChange(string Namespace, string Name, string? Fingerprint);
}
