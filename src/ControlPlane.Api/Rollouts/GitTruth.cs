using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Rollouts;

/// <summary>How what is declared stands to what users have.</summary>
public enum DeclaredState
{
    /// <summary>They are the same.</summary>
    Same,

    /// <summary>What is declared is on its way to the users.</summary>
    OnItsWay,

    /// <summary>What is declared failed: users have, and keep, what was before.</summary>
    Failed,
}

/// <summary>What is declared for a service of a rollout, in Git or by hand, and what its users have.</summary>
/// <param name="Service">Name of the ManagedService.</param>
/// <param name="State">How the two stand to each other.</param>
/// <param name="Declared">Image that is declared; null when it is not known.</param>
/// <param name="Running">Image that users have; null when it is not known.</param>
/// <param name="Source">Who keeps the declaration, such as <c>Argo CD application shop</c>; null when no GitOps tool does.</param>
/// <param name="Message">The same in a sentence.</param>
/// <param name="Patch">Merge patch of the ManagedService, as YAML, after which what is declared is what users have; null when there is nothing to patch, or the image is not what differs.</param>
/// <param name="Diff">The same as a unified diff of the declaration; null likewise.</param>
public sealed record MemberTruth(string Service, DeclaredState State, string? Declared, string? Running, string? Source, string Message, string? Patch, string? Diff);

/// <summary>
/// Says where Git and the cluster part: a rollback changes what runs, and never what is declared. So the declaration goes on saying N+1 while users have N, until
/// somebody commits what this tells. Pure.
/// </summary>
public static class GitTruth
{
    /// <summary>What is declared, and what users have, service by service in the order of the rollout.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="find">The declaration of a member; null when there is none, or the caller may not see it.</param>
    public static IReadOnlyList<MemberTruth> Of(CanaryRollout rollout, Func<string, ManagedService?> find)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(find);
        var status = rollout.Status ?? new();
        return [.. status.Members.Select(member => Of(member, IsOnItsWay(status), find(member.Service), rollout.Metadata.Namespace))];
    }

    private static bool IsOnItsWay(CanaryRolloutStatus status) => status.CanaryRevision is not null && status.Phase != RolloutPhase.RollingBack;

    private static MemberTruth Of(MemberStatus member, bool isOnItsWay, ManagedService? service, string ns)
    {
        var source = service is null ? null : GitOpsOwner.Of(service.Metadata);
        var where = source is null ? "the declaration" : $"Git ({source})";
        if (member.Stable is null || member.Declared is null || member.Declared == member.Stable)
        {
            return new(member.Service, DeclaredState.Same, member.DeclaredImage, member.StableImage, source, $"users have what {where} says", Patch: null, Diff: null);
        }

        var state = isOnItsWay ? DeclaredState.OnItsWay : DeclaredState.Failed;
        var isOfImage = member is { DeclaredImage: not null, StableImage: not null } && member.DeclaredImage != member.StableImage;
        var difference = isOfImage ? $"{where} says {member.DeclaredImage}, users have {member.StableImage}" : $"{where} says revision {member.Declared}, users have {member.Stable}, with the same image";
        var advice = (state, isOfImage) switch
        {
            (DeclaredState.OnItsWay, true) => "it is on its way; to take it back for good, commit the patch",
            (DeclaredState.OnItsWay, false) => "it is on its way; to take it back for good, revert the last change of spec.workload",
            (_, true) => "it failed and is not tried again by itself: commit the patch, or a version that is well",
            _ => "it failed and is not tried again by itself: revert the last change of spec.workload, or declare one that is well",
        };
        return new(
            member.Service,
            state,
            member.DeclaredImage,
            member.StableImage,
            source,
            $"{difference}: {advice}",
            isOfImage ? Patch(ns, member) : null,
            isOfImage ? Diff(member) : null);
    }

    /// <summary>Applies as it stands: <c>kubectl patch --type merge --patch-file</c>, or as an entry of <c>patches</c> in a kustomization.</summary>
    private static string Patch(string ns, MemberStatus member) => $"""
        apiVersion: {ManagedService.ResourceType.ApiVersion}
        kind: {ManagedService.ResourceType.Kind}
        metadata:
          name: {member.Service}
          namespace: {ns}
        spec:
          workload:
            image: {member.StableImage}

        """;

    private static string Diff(MemberStatus member) => $"""
         spec:
           workload:
        -    image: {member.DeclaredImage}
        +    image: {member.StableImage}

        """;
}
