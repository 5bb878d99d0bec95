using ControlPlane.Kubernetes.Resources;
using CsCheck;
using k8s.Models;
using LocalCluster.Controllers.Deployments;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

public sealed class RollingUpdateStepTests
{
    private static readonly Gen<string> Bound = Gen.OneOf(Gen.Int[0, 5].Select(n => $"{n}"), Gen.Int[0, 100].Select(n => $"{n}%"));

    [Fact]
    public void Availability_and_size_stay_within_bounds_whatever_happens_in_which_order()
    {
        var cases = from desired in Gen.Int[1, 12]
                    from surge in Bound
                    from unavailable in Bound
                    from oldSets in Gen.Int[1, 3]
                    from moves in Gen.Int[0, int.MaxValue].Array[0, 200]
                    select (desired, surge, unavailable, oldSets, moves);
        cases.Sample(c =>
        {
            var fleet = new SimulatedRollout(c.desired, c.surge, c.unavailable, c.oldSets);
            foreach (var move in c.moves)
            {
                fleet.Move(move);
                Assert.True(fleet.Available >= fleet.Bounds.MinAvailable, $"{fleet.Available} available of {fleet.Bounds}");
                Assert.True(fleet.Wanted <= fleet.Bounds.MaxTotal, $"{fleet.Wanted} wanted of {fleet.Bounds}");
            }

            Assert.True(fleet.EndsWithOnlyNewPods());
        });
    }

    [Fact]
    public void Broken_old_pods_make_way_for_new_ones_that_would_not_fit_beside_them()
    {
        var bounds = new RolloutBounds(Desired: 3, MaxSurge: 0, MaxUnavailable: 1);
        var broken = Set("old", replicas: 3, available: 2);
        var fresh = Set("new", replicas: 0, available: 0);

        var sizing = Assert.Single(RollingUpdateStep.Plan(bounds, fresh, [broken]));

        Assert.Equal(new Sizing(broken, 2), sizing);
    }

    [Fact]
    public void A_new_version_that_never_becomes_available_takes_no_more_old_pods_than_may_be_missing()
    {
        var bounds = new RolloutBounds(Desired: 10, MaxSurge: 3, MaxUnavailable: 2);
        var old = Set("old", replicas: 8, available: 8);
        var crashing = Set("new", replicas: 5, available: 0);

        Assert.Empty(RollingUpdateStep.Plan(bounds, crashing, [old]));
    }

    [Theory]
    [InlineData(10, "25%", "25%", 3, 2)]
    [InlineData(1, "25%", "25%", 1, 0)]
    [InlineData(2, "0", "1%", 0, 1)]
    [InlineData(4, "0", "0", 0, 1)]
    [InlineData(3, "200%", "200%", 6, 3)]
    public void Percentages_round_surge_up_and_unavailability_down_and_never_leave_nothing(
        int desired, string surge, string unavailable, int expectedSurge, int expectedUnavailable)
    {
        var bounds = RolloutBounds.Of(Spec(desired, surge, unavailable));

        Assert.Equal((expectedSurge, expectedUnavailable), (bounds.MaxSurge, bounds.MaxUnavailable));
    }

    private static DeploymentSpec Spec(int desired, string surge, string unavailable) => new()
    {
        Replicas = desired,
        Strategy = new DeploymentStrategy { RollingUpdate = new RollingUpdate { MaxSurge = surge, MaxUnavailable = unavailable } },
    };

    private static ReplicaSet Set(string name, int replicas, int available) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new ReplicaSetSpec { Replicas = replicas },
        Status = new ReplicaSetStatus { AvailableReplicas = available },
    };

    /// <summary>A Deployment in the middle of a rollout, with ReplicaSets whose pods and whose reports lag behind their sizes.</summary>
    private sealed class SimulatedRollout
    {
        private readonly List<SimulatedSet> _sets = [];

        public SimulatedRollout(int desired, string surge, string unavailable, int oldSets)
        {
            Bounds = RolloutBounds.Of(Spec(desired, surge, unavailable));
            for (var i = 0; i < oldSets; i++)
            {
                var size = (desired / oldSets) + (i < desired % oldSets ? 1 : 0);
                _sets.Add(new SimulatedSet($"old-{i}", size, available: size));
            }

            _sets.Add(new SimulatedSet("new", size: 0, available: 0));
        }

        public RolloutBounds Bounds { get; }

        public int Available => _sets.Sum(set => set.Available);

        public int Wanted => _sets.Sum(set => set.Size);

        public void Move(int choice)
        {
            var set = _sets[choice / 4 % _sets.Count];
            switch (choice % 4)
            {
                case 0:
                    Plan();
                    break;
                case 1:
                    set.MatchSize();
                    break;
                case 2:
                    set.Report();
                    break;
                default:
                    set.StartOne();
                    break;
            }
        }

        public bool EndsWithOnlyNewPods()
        {
            for (var round = 0; round < 200; round++)
            {
                Plan();
                foreach (var set in _sets)
                {
                    set.MatchSize();
                    set.StartOne();
                    set.Report();
                }
            }

            return _sets[^1].Available == Bounds.Desired && Wanted == Bounds.Desired;
        }

        private void Plan()
        {
            var views = _sets.ConvertAll(set => set.View());
            foreach (var sizing in RollingUpdateStep.Plan(Bounds, views[^1], views[..^1]))
            {
                _sets[views.IndexOf(sizing.Set)].Size = sizing.Replicas;
            }
        }
    }

    private sealed class SimulatedSet(string name, int size, int available)
    {
        private int _pods = size;
        private int _reported = available;

        public int Size { get; set; } = size;

        public int Available { get; private set; } = available;

        public void MatchSize()
        {
            _pods = Size;
            Available = Math.Min(Available, Size); // pods that are not available go first
        }

        public void StartOne() => Available = Math.Min(Available + 1, _pods);

        public void Report() => _reported = Available;

        public ReplicaSet View() => Set(name, Size, _reported);
    }
}
