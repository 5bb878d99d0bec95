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
    public void A_set_keeps_its_size_once_all_is_given_out_whatever_it_claims_to_be_sized_for()
    {
        var large = Set("large", replicas: 10, sizedFor: 10);
        var edited = Set("edited", replicas: 5, sizedFor: 100);

        var sizes = ProportionalScaling.Plan(new RolloutBounds(Desired: 20, MaxSurge: 0, MaxUnavailable: 1), [large, edited], deploymentReplicas: 15);

        Assert.Equal([new Sizing(large, 15), new Sizing(edited, 5)], sizes);
    }

    [Fact]
    public void Sizes_add_up_to_what_is_allowed_unless_the_largest_set_has_no_more_to_give()
    {
        // Any sizes, and any number that they claim to be sized for: people edit annotations.
        var sets = Gen.Select(Gen.Int[1, 15], Gen.Int[0, 40]).Array[2, 5];
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 5], sets).Sample((desired, surge, drawn) =>
        {
            var active = drawn.Select((set, i) => Set($"set-{i}", set.Item1, set.Item2)).ToList();
            var allowed = desired == 0 ? 0 : desired + surge;

            var sizes = ProportionalScaling.Plan(new RolloutBounds(desired, surge, 1), active, deploymentReplicas: Total(active));

            Assert.All(sizes, sizing => Assert.True(sizing.Replicas >= 0));
            var total = sizes.Sum(sizing => sizing.Replicas);
            Assert.True(total == allowed || (total > allowed && sizes[0].Replicas == 0), $"{total} pods where {allowed} are allowed");
        });
    }

    [Fact]
    public void Sets_that_are_as_large_as_they_were_sized_for_all_move_in_one_direction()
    {
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 5], Gen.Int[1, 15].Array[2, 5]).Sample((desired, surge, replicas) =>
        {
            var active = replicas.Select((number, i) => Set($"set-{i}", number, sizedFor: replicas.Sum())).ToList();

            var sizes = ProportionalScaling.Plan(new RolloutBounds(desired, surge, 1), active, deploymentReplicas: Total(active));

            var moves = sizes.Select(sizing => Math.Sign(sizing.Replicas - sizing.Set.Spec.Replicas)).Where(move => move != 0);
            Assert.True(moves.Distinct().Count() <= 1, "some sets grow while others shrink");
        });
    }

    private static int Total(IEnumerable<ReplicaSet> sets) => sets.Sum(set => set.Spec.Replicas);

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
