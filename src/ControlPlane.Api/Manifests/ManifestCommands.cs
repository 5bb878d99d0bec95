using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Manifests;

/// <summary>What came of applying one manifest.</summary>
/// <param name="File">File that it is in.</param>
/// <param name="Line">Line where it begins.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Namespace">Namespace; empty for objects of the whole cluster.</param>
/// <param name="Name">Name.</param>
/// <param name="Action">What was done.</param>
/// <param name="Problem">Why it was not done; null when it was.</param>
public sealed record AppliedManifest(string File, int Line, string Kind, string Namespace, string Name, PlannedAction Action, string? Problem);

/// <summary>What came of applying manifests.</summary>
/// <param name="Applied">True when all of them were applied.</param>
/// <param name="Manifests">One entry for each object.</param>
/// <param name="Plan">What was wrong, when nothing was applied because of it; else null.</param>
public sealed record ApplyOutcome(bool Applied, IReadOnlyList<AppliedManifest> Manifests, PlanResult? Plan);

/// <summary>
/// Writes what people declare in the console: the same objects that <c>kubectl apply --server-side</c> would write, under the console's own
/// field manager. All or nothing as far as that can be known: if any manifest would be refused, or a GitOps tool keeps what it would change,
/// none is written.
/// </summary>
public sealed class ManifestCommands(KubeApi api, PlanService plans, ApiDiscovery discovery, ManifestSubjects subjects, CommandGate gate) : IApprovableCommand
{
    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager, Force = true, FieldValidation = "Strict" };

    /// <inheritdoc/>
    public string Action => Permissions.ApplyManifests.Name;

    /// <summary>Applies manifests in their order.</summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="reason">Why; null when nobody was asked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApplyOutcome> ApplyAsync(IReadOnlyList<ManifestDocument> manifests, string? reason, CancellationToken cancellationToken) =>
        ApplyAsync(manifests, reason, plan: null, approval: null, cancellationToken);

    /// <summary>Applies manifests in their order, if that would still do what somebody has looked at.</summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="reason">Why; null when nobody was asked.</param>
    /// <param name="plan">Digest of the plan that was looked at; null for any.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">The plan would no longer be that one.</exception>
    public Task<ApplyOutcome> ApplyAsync(IReadOnlyList<ManifestDocument> manifests, string? reason, string? plan, CancellationToken cancellationToken) =>
        ApplyAsync(manifests, reason, plan, approval: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        var outcome = await ApplyAsync(ManifestChange.Read(change), reason, plan: null, grant, cancellationToken);
        return outcome.Applied ? null
            : outcome.Manifests.FirstOrDefault(manifest => manifest.Problem is not null) is { } failed ? $"{failed.Kind} {failed.Name}: {failed.Problem}"
            : "the cluster would refuse a part of it now";
    }

    /// <summary>What applying takes of the caller.</summary>
    public async Task<CommandRequirements> RequirementsAsync(IReadOnlyList<ManifestDocument> manifests, CancellationToken cancellationToken) =>
        gate.RequirementsOf(await CommandAsync(manifests, cancellationToken));

    private async Task<Command> CommandAsync(IReadOnlyList<ManifestDocument> manifests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        var canWait = !manifests.Any(ManifestChange.HoldsSecret);
        return new Command(Permissions.ApplyManifests, await subjects.OfAsync(manifests, cancellationToken))
        {
            Change = canWait ? ManifestChange.Write(manifests) : null,
            Plan = canWait ? async cancel => ManifestChange.Plan(await plans.PlanAsync(manifests, cancel)) : null,
        };
    }

    private async Task<ApplyOutcome> ApplyAsync(
        IReadOnlyList<ManifestDocument> manifests, string? reason, string? plan, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        var command = await CommandAsync(manifests, cancellationToken);
        return await gate.RunAsync(
            command with { Reason = reason, Approval = approval }, (trace, cancel) => ApplyAllAsync(manifests, plan, command, trace, cancel), cancellationToken);
    }

    private async Task<ApplyOutcome> ApplyAllAsync(
        IReadOnlyList<ManifestDocument> manifests, string? expected, Command command, CommandTrace trace, CancellationToken cancellationToken)
    {
        var plan = await plans.PlanAsync(manifests, cancellationToken);
        if (!plan.Accepted)
        {
            trace.Problem = "the cluster would refuse a part of it: nothing was applied";
            return new(Applied: false, [], plan);
        }

        if (expected is not null && expected != ManifestChange.DigestOf(plan))
        {
            throw new RequestException(HttpStatusCode.PreconditionFailed, "If-Match", "it would do something else by now than what was looked at: look at the new plan, then apply");
        }

        List<AppliedManifest> keptElsewhere = [.. plan.Manifests.Where(planned => planned is { Action: PlannedAction.Update, KeptBy: not null }).Select(RefuseKept)];
        if (keptElsewhere.Count > 0)
        {
            trace.Problem = $"{keptElsewhere[0].Kind} {keptElsewhere[0].Name}: {keptElsewhere[0].Problem}";
            return new(Applied: false, keptElsewhere, Plan: null);
        }

        var applied = new List<AppliedManifest>();
        for (var i = 0; i < manifests.Count; i++)
        {
            applied.Add(await ApplyAsync(manifests[i], plan.Manifests[i], command, trace, cancellationToken));
        }

        return new(applied.TrueForAll(manifest => manifest.Problem is null), applied, Plan: null);
    }

    private async Task<AppliedManifest> ApplyAsync(
        ManifestDocument manifest, PlannedManifest planned, Command command, CommandTrace trace, CancellationToken cancellationToken)
    {
        var type = await discovery.FindAsync(manifest.ApiVersion, manifest.Kind, cancellationToken);
        var key = ManifestJudge.KeyOf(manifest, type!);
        AppliedManifest As(PlannedAction action, string? problem = null) =>
            new(manifest.File, manifest.Line, manifest.Kind, key.Namespace, key.Name, action, problem);

        if (planned.Action == PlannedAction.Unchanged)
        {
            return As(PlannedAction.Unchanged);
        }

        var subject = command.Subjects.First(subject => subject.IsSame(new(manifest.Kind, key.Namespace, key.Name)));
        var before = RecordedState.Of(planned.Before);
        try
        {
            var body = ManifestJudge.InPlace(manifest, key);
            ChangeMark.Put(body, planned.After, trace.CorrelationId);
            var stored = await api.ApplyAsync(type!, key, JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Default), Write, cancellationToken);
            trace.Add(subject, before, RecordedState.Of(JsonNode.Parse(stored)!.AsObject()));
            return As(planned.Action);
        }
        catch (KubeApiException e)
        {
            trace.Add(subject, before, before, e.Message);
            return As(PlannedAction.Refuse, e.Message);
        }
    }

    private static AppliedManifest RefuseKept(PlannedManifest planned) => new(
        planned.File,
        planned.Line,
        planned.Kind,
        planned.Namespace,
        planned.Name,
        PlannedAction.Refuse,
        $"it is kept by {planned.KeptBy}: commit the change there, or it would be undone at the next sync");
}
