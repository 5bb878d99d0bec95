using ControlPlane.Api.Rollouts.Cost;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Rollouts;

/// <summary>A rollout with all that belongs to it.</summary>
public sealed record RolloutDetails
{
    /// <summary>As lists show it.</summary>
    public required RolloutSummary Summary { get; init; }

    /// <summary>What is declared.</summary>
    public required CanaryRolloutSpec Spec { get; init; }

    /// <summary>Where it stands; null before its operator has seen it.</summary>
    public CanaryRolloutStatus? Status { get; init; }

    /// <summary>What can be done to it, and what speaks against the rest.</summary>
    public required IReadOnlyList<RolloutOffer> Actions { get; init; }

    /// <summary>How the comparisons of canary and stable version went, as anybody can recompute it from the status; empty before there is any.</summary>
    public required IReadOnlyList<EvidenceCourse> Evidence { get; init; }

    /// <summary>What is declared for each service, in Git or by hand, and what its users have.</summary>
    public required IReadOnlyList<MemberTruth> Declared { get; init; }

    /// <summary>Instances of both sides.</summary>
    public required IReadOnlyList<RolloutInstance> Instances { get; init; }

    /// <summary>What the canary has cost so far; null while there is none.</summary>
    public CanaryCost? Cost { get; init; }

    /// <summary>GitOps tool that keeps the declaration of the rollout; null when people may change it here.</summary>
    public string? KeptBy { get; init; }
}

/// <summary>An instance of a service of a rollout.</summary>
/// <param name="Service">The service.</param>
/// <param name="Name">Name of its pod.</param>
/// <param name="Track">Which side it is of: <c>stable</c> or <c>canary</c>.</param>
/// <param name="Image">Image that it runs; null when it is not known.</param>
/// <param name="IsReady">It serves.</param>
/// <param name="Reason">Why it does not, in a word; null when it does.</param>
/// <param name="Message">Why it does not, in a sentence; null when the word says it all.</param>
/// <param name="Since">When it was made (UTC).</param>
public sealed record RolloutInstance(string Service, string Name, string Track, string? Image, bool IsReady, string? Reason, string? Message, DateTimeOffset? Since);
