using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
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
public sealed class ManifestCommands(KubeApi api, PlanService plans, ApiDiscovery discovery, ManifestOwners subjects, CommandGate gate)
{
    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager, Force = true, FieldValidation = "Strict" };

    /// <summary>Applies manifests in their order.</summary>
    public Task<ApplyOutcome> ApplyAsync(IReadOnlyList<ManifestDocument> manifests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        return gate.RunAsync(
            new Command(Permissions.ApplyManifests, [.. manifests.SelectMany(manifest => subjects.Of(manifest))]), (_, cancel) => ApplyAllAsync(manifests, cancel), cancellationToken);
    }

    private async Task<ApplyOutcome> ApplyAllAsync(IReadOnlyList<ManifestDocument> manifests, CancellationToken cancellationToken)
    {
        var plan = await plans.PlanAsync(manifests, cancellationToken);
        if (!plan.Accepted)
        {
            return new(Applied: false, [], plan);
        }

        List<AppliedManifest> keptElsewhere = [.. plan.Manifests.Where(planned => planned is { Action: PlannedAction.Update, KeptBy: not null }).Select(RefuseKept)];
        if (keptElsewhere.Count > 0)
        {
            return new(Applied: false, keptElsewhere, Plan: null);
        }

        var applied = new List<AppliedManifest>();
        for (var i = 0; i < manifests.Count; i++)
        {
            applied.Add(await ApplyAsync(manifests[i], plan.Manifests[i], cancellationToken));
        }

        return new(applied.TrueForAll(manifest => manifest.Problem is null), applied, Plan: null);
    }

    private async Task<AppliedManifest> ApplyAsync(ManifestDocument manifest, PlannedManifest planned, CancellationToken cancellationToken)
    {
        var type = await discovery.FindAsync(manifest.ApiVersion, manifest.Kind, cancellationToken);
        var key = ManifestJudge.KeyOf(manifest, type!);
        AppliedManifest As(PlannedAction action, string? problem = null) =>
            new(manifest.File, manifest.Line, manifest.Kind, key.Namespace, key.Name, action, problem);

        if (planned.Action == PlannedAction.Unchanged)
        {
            return As(PlannedAction.Unchanged);
        }

        try
        {
            await api.ApplyAsync(type!, key, ManifestJudge.Body(manifest, key), Write, cancellationToken);
            return As(planned.Action);
        }
        catch (KubeApiException e)
        {
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
