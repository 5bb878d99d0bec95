using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;
using Operators.Registry;
using Operators.Rollouts.Evidence;

namespace Operators.Rollouts;

/// <summary>Checks a rollout for what the schema can't say. One with problems does not move, and its services stay as they are.</summary>
/// <param name="caches">What is declared.</param>
/// <param name="graph">What depends on what.</param>
public sealed class RolloutValidator(FleetCaches caches, FleetGraph graph)
{
    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    public IReadOnlyList<FieldProblem> Check(CanaryRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return
        [
            .. rollout.Spec.Members.SelectMany((member, index) => CheckMember(rollout, member, $"spec.members[{index}].service")),
            .. CheckSteps(rollout.Spec),
            .. RolloutAnalysisValidator.Check(rollout.Spec, rollout.Metadata.Namespace),
        ];
    }

    private IEnumerable<FieldProblem> CheckMember(CanaryRollout rollout, RolloutMember member, string field)
    {
        var key = new ObjectKey(rollout.Metadata.Namespace, member.Service);
        if (graph.Find(key) is not { Metadata.DeletionTimestamp: null } service)
        {
            yield return new(RolloutConditions.Reasons.MemberNotFound, field, $"there is no ManagedService {key}");
            yield break;
        }

        if (service.Spec.Workload is null)
        {
            yield return new(RolloutConditions.Reasons.MemberNotFound, field, $"ManagedService {key} adopts a workload that others run (spec.workloadRef); a canary needs one that the operator runs (spec.workload)");
            yield break;
        }

        if (service.Spec.Workload.Selector is not null)
        {
            yield return new(RolloutConditions.Reasons.Invalid, field, $"the Deployment of {key} was taken over with a selector of its own (spec.workload.selector) that would find the canary's pods as well; deploy it anew under the operator's selector first");
        }

        if (CanaryRollout.InCharge(caches.RolloutsByMember.Get(key.ToString())) is { } inCharge && inCharge.Metadata.Uid != rollout.Metadata.Uid)
        {
            yield return new(RolloutConditions.Reasons.Conflict, field, $"CanaryRollout {inCharge.Metadata.Name}, which is older, moves {member.Service}");
        }

        if (graph.FindCycle(service) is { } cycle && rollout.Spec.Members.Count > 1 && cycle.All(at => rollout.Spec.Members.Any(other => other.Service == at.Name)))
        {
            yield return new(RolloutConditions.Reasons.Invalid, field, $"the services of the group depend on each other in a circle, so that none can be promoted first: {string.Join(" → ", cycle)}");
        }
    }

    private static IEnumerable<FieldProblem> CheckSteps(CanaryRolloutSpec spec)
    {
        var last = spec.Steps.ToList().FindLastIndex(static step => step.SetWeight is not null);
        if (last < 0 || spec.Steps[last].SetWeight != 100)
        {
            yield return new(RolloutConditions.Reasons.Invalid, last < 0 ? "spec.steps" : $"spec.steps[{last}].setWeight", "the last weight is 100, or the rollout would never end");
        }

        for (var i = last + 1; last >= 0 && i < spec.Steps.Count; i++)
        {
            yield return new(RolloutConditions.Reasons.Invalid, $"spec.steps[{i}]", "nothing is left to do after weight 100: put pauses and analyses before it");
        }
    }
}
