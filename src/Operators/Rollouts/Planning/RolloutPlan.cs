using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Planning;

/// <summary>The next move of a rollout.</summary>
/// <param name="Status">Where it stands after it; registry and data plane go by that.</param>
/// <param name="LookAgain">When to look again although nothing changed; null for never.</param>
internal sealed record RolloutPlan(CanaryRolloutStatus Status, TimeSpan? LookAgain);
