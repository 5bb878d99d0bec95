using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Planning;

/// <summary>The next move of a rollout.</summary>
/// <param name="Status">Where it stands after it.</param>
/// <param name="Members">What each service is to have.</param>
/// <param name="LookAgain">When to look again although nothing changed; null for never.</param>
internal sealed record RolloutPlan(CanaryRolloutStatus Status, IReadOnlyList<MemberPlan> Members, TimeSpan? LookAgain);

/// <summary>What a service of a rollout is to have.</summary>
/// <param name="Service">Its name.</param>
/// <param name="CanaryInstances">Instances of the canary; 0 for none.</param>
/// <param name="Weight">Per cent of the requests that go to it.</param>
/// <param name="TakesDeclared">True when the stable workload is to be what is declared, false when it stays what it is.</param>
internal sealed record MemberPlan(string Service, int CanaryInstances, int Weight, bool TakesDeclared);
