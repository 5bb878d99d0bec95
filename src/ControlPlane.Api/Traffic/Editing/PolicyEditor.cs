using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Traffic.Editing;

/// <summary>What writing a policy would do. Nothing was written to find out.</summary>
/// <param name="Plan">Object by object, with what is wrong with the policy, field by field.</param>
/// <param name="Digest">Tells it from any other: what is written later is what was looked at, or nothing.</param>
public sealed record PolicyPreview(PlanResult Plan, string Digest)
{
    /// <summary>The policy itself.</summary>
    public PlannedManifest Policy => Plan.Manifests[0];
}

/// <summary>
/// Writes traffic policies as a form says them: whole, so that what is taken out of the form is gone, whoever said it before. A policy that
/// somebody changed meanwhile, that exists already, or that a GitOps tool keeps, is not written.
/// </summary>
public sealed class PolicyEditor(KubeApi api, ManifestJudge judge, PlanService plans, Authorizer authorizer, CommandGate gate) : IApprovableCommand
{
    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager, FieldValidation = "Strict" };

    /// <inheritdoc/>
    public string Action => Permissions.WritePolicies.Name;

    /// <summary>A stored policy; null when there is none that the caller may see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public async Task<StoredPolicy?> FindAsync(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        return authorizer.DemandSomewhere(Permissions.ReadServices).Includes(key.Namespace, team: null) && await StoredAsync(type, key, cancellationToken) is { } stored
            ? StoredPolicy.Of(type, stored)
            : null;
    }

    /// <summary>Says what writing a draft would do.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">The draft has no kind, namespace or name; or the stored policy is no longer the one that it began with.</exception>
    public async Task<PolicyPreview> PreviewAsync(PolicyDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var type = TypeOf(draft);
        authorizer.Demand(Permissions.Plan, draft.Namespace, team: null);
        var stored = await StoredAsync(type, draft.Key, cancellationToken);
        CheckBase(draft, stored);
        var document = ManifestReader.Read(draft.ToYaml(), $"{draft.Name}.yaml").Single();
        var plan = await plans.PlanAsync([await judge.JudgeWholeAsync(document, type, stored, cancellationToken)], cancellationToken);
        return new(plan, ManifestChange.DigestOf(plan));
    }

    /// <summary>Writes a draft, if that would still do what somebody has looked at.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="digest">Of the preview that was looked at; null for any.</param>
    /// <param name="reason">Why; null when nobody was asked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The policy as it is stored now.</returns>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">It can't be written: refused by the cluster, changed meanwhile, kept by a GitOps tool. Nothing was.</exception>
    public Task<StoredPolicy> SaveAsync(PolicyDraft draft, string? digest, string? reason, CancellationToken cancellationToken) =>
        SaveAsync(draft, digest, reason, approval: null, cancellationToken);

    /// <summary>What writing takes of the caller.</summary>
    public CommandRequirements Requirements(PolicyDraft draft) => gate.RequirementsOf(CommandFor(draft));

    /// <inheritdoc/>
    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(change.Deserialize<PolicyDraft>(KubeJson.Options)!, digest: null, reason, grant, cancellationToken);
            return null;
        }
        catch (RequestException e)
        {
            return e.Message;
        }
    }

    private static Command CommandFor(PolicyDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return new(Permissions.WritePolicies, new CommandSubject(draft.Kind, draft.Namespace, draft.Name) { Wanted = RecordedState.Of(draft.ToManifest()) });
    }

    private async Task<StoredPolicy> SaveAsync(PolicyDraft draft, string? digest, string? reason, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        var type = TypeOf(draft);
        var command = CommandFor(draft) with
        {
            Reason = reason,
            Approval = approval,
            Change = JsonSerializer.SerializeToNode(draft, KubeJson.Options),
            Plan = async cancel => ManifestChange.Plan((await PreviewAsync(draft, cancel)).Plan),
        };
        return await gate.RunAsync(command, (trace, cancel) => WriteAsync(draft, type, digest, trace, cancel), cancellationToken);
    }

    private async Task<StoredPolicy> WriteAsync(PolicyDraft draft, ResourceType type, string? digest, CommandTrace trace, CancellationToken cancellationToken)
    {
        var preview = await PreviewAsync(draft, cancellationToken);
        if (preview.Policy is { Action: PlannedAction.Refuse, Problems: var problems })
        {
            throw new RequestException(HttpStatusCode.UnprocessableEntity, problems[0].Field, $"the cluster would refuse it: {problems[0].Field} {problems[0].Message}");
        }

        if (preview.Policy is { KeptBy: { } keeper, Action: PlannedAction.Update })
        {
            throw new RequestException(HttpStatusCode.Conflict, "metadata", $"it is kept by {keeper}: commit the change there, or it would be undone at the next sync");
        }

        if (digest is not null && digest != preview.Digest)
        {
            throw new RequestException(HttpStatusCode.PreconditionFailed, "If-Match", "it would do something else by now than what was looked at: look at the new preview, then apply");
        }

        trace.Before = RecordedState.Of(preview.Policy.Before);
        try
        {
            var written = preview.Policy.Before is { } stored
                ? await api.JsonPatchAsync(type, draft.Key, ManifestJudge.Replacement(draft.ToManifest(), stored), Write, cancellationToken)
                : await api.CreateAsync(type, draft.Namespace, JsonSerializer.SerializeToUtf8Bytes(draft.ToManifest(), JsonSerializerOptions.Default), Write, cancellationToken);
            var after = JsonNode.Parse(written)!.AsObject();
            trace.After = RecordedState.Of(after);
            return StoredPolicy.Of(type, after);
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsAlreadyExists || e.IsInvalid) // what is invalid was refused before: here it is a version that moved
        {
            throw Moved(draft, e.IsAlreadyExists);
        }
    }

    private async Task<JsonObject?> StoredAsync(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await api.GetBytesAsync(type, key, cancellationToken))!.AsObject();
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>A draft is written over the policy that it began with, and over no other.</summary>
    private static void CheckBase(PolicyDraft draft, JsonObject? stored)
    {
        if ((stored is null ? null : StoredPolicy.VersionOf(stored)) != draft.Version)
        {
            throw Moved(draft, isNew: draft.Version is null);
        }
    }

    private static RequestException Moved(PolicyDraft draft, bool isNew) => isNew
        ? new(HttpStatusCode.Conflict, "metadata.name", $"there is a {draft.Kind} {draft.Key} already: choose another name, or change that one")
        : new(HttpStatusCode.Conflict, "metadata.generation", $"{draft.Kind} {draft.Key} was changed or deleted since you began: load what is there now, and make your change again");

    private static ResourceType TypeOf(PolicyDraft draft) =>
        draft.Namespace.Length == 0 ? throw RequestException.BadParameter("metadata.namespace", "say in which namespace")
        : draft.Name.Length == 0 ? throw RequestException.BadParameter("metadata.name", "give it a name")
        : PolicyKinds.Find(draft.Kind) ?? throw RequestException.BadParameter("kind", $"'{draft.Kind}' is none of {string.Join(", ", PolicyKinds.All.Select(static type => type.Kind))}");
}
