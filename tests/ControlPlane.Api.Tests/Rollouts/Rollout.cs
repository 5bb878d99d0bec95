using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Tests.Rollouts;

/// <summary>Rollouts in a line each.</summary>
internal static class Rollout
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 28, 6, 30, 0, TimeSpan.Zero);

    /// <summary>A rollout of one service whose second version is on its way: weight 20, a check, an approval, weight 100.</summary>
    public static CanaryRollout OnItsWay(int step = 0, RolloutPhase phase = RolloutPhase.Progressing) => new()
    {
        ApiVersion = CanaryRollout.ResourceType.ApiVersion,
        Kind = CanaryRollout.ResourceType.Kind,
        Metadata = new() { Name = "order", Namespace = "shop", Uid = "uid-order", ResourceVersion = "1" },
        Spec = new()
        {
            Members = [new() { Service = "order" }],
            Steps = [new() { SetWeight = 20 }, new() { Analysis = new() }, new() { Pause = new() }, new() { SetWeight = 100 }],
        },
        Status = new()
        {
            Phase = phase,
            StableRevision = "r1",
            CanaryRevision = "r2",
            Step = new() { Index = step, Since = Now.AddMinutes(-3), ProgressedAt = Now.AddMinutes(-3) },
            Progress = $"{step + 1}/4",
            Weight = 20,
            WeightSince = Now.AddMinutes(-5),
            Members = [new() { Service = "order", Declared = "r2", Stable = "r1", DeclaredImage = "fleet/order:2.0.0", StableImage = "fleet/order:1.0.0", CanaryInstances = 1, StableReady = "3/3", CanaryReady = "1/1" }],
            Observed = new() { Canary = 199, Total = 1000, AsOf = Now },
            GoodRevisions = ["r1"],
            Decisions = [new() { At = Now.AddMinutes(-6), Revision = "r2", Type = "Started", Message = "users have r1" }],
        },
    };

    /// <summary>The same after its second version failed.</summary>
    public static CanaryRollout Failed() => OnItsWay().With(static status => status with
    {
        Phase = RolloutPhase.Degraded, CanaryRevision = null, Step = null, Progress = null, Weight = 0, Observed = null, FailedRevisions = ["r2"],
    });

    public static CanaryRollout With(this CanaryRollout rollout, Func<CanaryRolloutStatus, CanaryRolloutStatus> change) => rollout with { Status = change(rollout.Status!) };

    public static CanaryRollout Declaring(this CanaryRollout rollout, Func<CanaryRolloutSpec, CanaryRolloutSpec> change) => rollout with { Spec = change(rollout.Spec) };
}
