using ControlPlane.Kubernetes.Resources;
using CsCheck;
using LocalCluster.Controllers.Deployments;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

public sealed class ProportionalScalingTests
{
    [Fact]
    public void Scaling_in_the_middle_of_a_rollout_keeps_the_proportion_of_old_and_new()
    {
        var old = Set("old", replicas: 8, sizedFor: 13);
        var fresh = Set("new", replicas: 5, sizedFor: 13);

        var sizes = ProportionalScaling.Plan(new RolloutBounds(Desired: 15, MaxSurge: 3, MaxUnavailable: 2), [old, fresh], deploymentReplicas: 13);

        Assert.Equal([new Sizing(old, 11), new Sizing(fresh, 7)], sizes);
    }

    [Fact]
    public void Sizes_add_up_to_what_is_allowed_and_move_in_one_direction()
    {
        var cases = from desired in Gen.Int[0, 30]
                    from surge in Gen.Int[0, 5]
                    from sets in Gen.Select(Gen.Int[1, 15], Gen.Int[0, 40]).Array[2, 5]
                    select (desired, surge, sets);
        cases.Sample(c =>
        {
            var sets = c.sets.Select((s, i) => Set($"set-{i}", s.Item1, s.Item2)).ToList();
            var bounds = new RolloutBounds(c.desired, c.surge, 1);
            var before = sets.Sum(set => set.Spec.Replicas);
            var allowed = c.desired == 0 ? 0 : c.desired + c.surge;

            var sizes = ProportionalScaling.Plan(bounds, sets, deploymentReplicas: before);

            Assert.All(sizes, sizing => Assert.True(sizing.Replicas >= 0));
            Assert.Equal(allowed, sizes.Sum(sizing => sizing.Replicas));
        });
    }

    private static ReplicaSet Set(string name, int replicas, int sizedFor) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Annotations = new Dictionary<string, string> { [Revisions.MaxReplicasAnnotation] = $"{sizedFor}" },
        },
        Spec = new ReplicaSetSpec { Replicas = replicas },
    };
}
