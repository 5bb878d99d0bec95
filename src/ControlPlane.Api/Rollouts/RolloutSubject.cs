using ControlPlane.Api.Commands;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace ControlPlane.Api.Rollouts;

/// <summary>What a rollout is to access rules, to the command policy and to the audit log.</summary>
internal static class RolloutSubject
{
    /// <summary>The team that owns all services of a rollout: who may act for one team must not move the services of another with it. Null when there is no such team.</summary>
    public static string? TeamOf(CanaryRollout rollout, FleetCaches caches) =>
        Members(rollout, caches).Select(static service => service?.Spec.Owner.Team).Distinct(StringComparer.Ordinal).ToList() is [{ } team] ? team : null;

    /// <summary>The subject of a command: of the tier of its most critical service, and of the frameworks of all.</summary>
    public static CommandSubject Of(CanaryRollout rollout, FleetCaches caches)
    {
        List<ManagedService> members = [.. Members(rollout, caches).OfType<ManagedService>()];
        return new(CanaryRollout.ResourceType.Kind, rollout.Metadata.Namespace, rollout.Metadata.Name)
        {
            Team = TeamOf(rollout, caches),
            Tier = members.Count == 0 ? null : members.Min(static service => service.Spec.Tier).ToString(),
            Frameworks = [.. members.SelectMany(static service => service.Spec.Compliance?.Frameworks ?? []).Distinct(StringComparer.Ordinal)],
        };
    }

    private static IEnumerable<ManagedService?> Members(CanaryRollout rollout, FleetCaches caches) =>
        rollout.Spec.Members.Select(member => caches.Services.Cache.Find(new(rollout.Metadata.Namespace, member.Service)));
}
