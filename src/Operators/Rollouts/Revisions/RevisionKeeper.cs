using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace Operators.Rollouts.Revisions;

/// <summary>Keeps the revisions of a service that its rollout may still need, and lets go of others.</summary>
/// <param name="caches">What is kept.</param>
/// <param name="applier">Writes.</param>
public sealed class RevisionKeeper(FleetCaches caches, Applier applier)
{
    /// <summary>Stores what is not stored yet.</summary>
    /// <param name="service">The service.</param>
    /// <param name="known">Revisions whose templates are at hand.</param>
    /// <param name="member">What the rollout says of the service; null before it said anything.</param>
    /// <param name="status">Where the rollout stands, for the revisions that it remembers.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ApplyResult> KeepAsync(
        ManagedService service, IReadOnlyList<WorkloadRevision> known, MemberStatus? member, CanaryRolloutStatus? status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(known);
        var needed = known.Select(static revision => revision.Name).ToHashSet();
        needed.UnionWith(new[] { member?.Stable, member?.Good, member?.Declared }.OfType<string>());
        needed.UnionWith((status?.GoodRevisions ?? []).Concat(status?.FailedRevisions ?? []).SelectMany(static joined => joined.Split('+')));
        var kept = caches.RevisionsByService.Get(service.Metadata.Key.ToString());
        var missing = known.DistinctBy(static revision => revision.Name).Where(revision => !kept.Any(item => NameOf(item) == revision.Name)).ToList();
        var stale = kept.Where(item => !needed.Contains(NameOf(item) ?? "")).Select(static item => (KnownResources.ControllerRevisions, item)).ToList();
        return missing.Count + stale.Count == 0
            ? new ApplyResult()
            : await applier.ApplyAsync(
                new OwnerReference { Kind = ManagedService.ResourceType.Kind, Name = service.Metadata.Name, Uid = service.Metadata.Uid ?? "" },
                [.. missing.Select(revision => revision.ToObject(service))],
                stale,
                takeOver: false,
                cancellationToken);
    }

    private static string? NameOf(LiveObject kept) => kept.Metadata.Annotations.GetValueOrDefault(WorkloadRevision.Mark);
}
