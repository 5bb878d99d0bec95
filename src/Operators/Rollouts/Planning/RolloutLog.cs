using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Planning;

/// <summary>Keeps what was decided.</summary>
internal static class RolloutLog
{
    private const int MostDecisions = 50;

    public static CanaryRolloutStatus Decide(CanaryRolloutStatus status, RolloutSnapshot snapshot, string type, RolloutCommand command) =>
        Decide(status, snapshot, type, command.Reason, command.By);

    public static CanaryRolloutStatus Decide(CanaryRolloutStatus status, RolloutSnapshot snapshot, string type, string why, string? by = null) => status with
    {
        Decisions =
        [
            new()
            {
                At = snapshot.Now,
                Revision = status.CanaryRevision ?? snapshot.Declared,
                Step = status.Step?.Index ?? 0,
                Type = type,
                Message = why,
                By = string.IsNullOrEmpty(by) ? null : by,
            },
            .. status.Decisions.Take(MostDecisions - 1),
        ],
    };
}
