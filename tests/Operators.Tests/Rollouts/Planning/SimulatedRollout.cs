using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Planning;

namespace Operators.Tests.Rollouts.Planning;

/// <summary>A rollout in a cluster that does what is planned, one thing at a time, and when it is told to.</summary>
internal sealed class SimulatedRollout
{
    private const int Instances = 10;

    private readonly Dictionary<string, Member> _members = [];
    private int _weight;

    public SimulatedRollout(CanaryRolloutSpec spec)
    {
        Spec = spec;
        foreach (var member in spec.Members)
        {
            _members[member.Service] = new Member { Declared = "v1", Running = "v1", Ready = Instances };
        }
    }

    public CanaryRolloutSpec Spec { get; set; }

    public CanaryRolloutStatus? Status { get; set; }

    public RolloutPlan Plan { get; private set; } = null!;

    public DateTimeOffset Now { get; set; } = new(2026, 11, 27, 4, 30, 0, TimeSpan.Zero);

    public (RolloutVerdict Verdict, string Why) Evidence { get; set; } = (RolloutVerdict.NotEnoughData, "0 requests");

    public DateTimeOffset? AwaySince { get; set; }

    public List<string> Holds { get; } = [];

    public ObservedSplit Split { get; set; }

    public string? Problem { get; set; }

    public int Weight => _weight;

    public int CanaryInstances => _members.Values.Min(static member => member.CanaryReady);

    public string Declared => string.Join('+', _members.Values.Select(static member => member.Declared));

    public string Running => string.Join('+', _members.Values.Select(static member => member.Running));

    /// <summary>Least share of full capacity that users had in any service, in per cent of what each side had to carry.</summary>
    public bool IsCarried => _members.Values.All(member =>
        member.CanaryReady * 100 >= Instances * _weight && (_weight == 100 || member.Ready * 100 >= Instances * (100 - _weight)));

    public IReadOnlyList<MemberStatus> Members => Status!.Members;

    public void Declare(string revision, string? service = null)
    {
        foreach (var (name, member) in _members)
        {
            member.Declared = service is null || service == name ? revision : member.Declared;
        }
    }

    /// <summary>One pass of the planner, and the weight that it sets.</summary>
    public RolloutPlan Step()
    {
        Plan = RolloutPlanner.Plan(Snapshot());
        Status = Plan.Status;
        if (_weight != Status.Weight)
        {
            (_weight, Split) = (Status.Weight, default);
        }

        foreach (var planned in Status.Members)
        {
            var member = _members[planned.Service];
            member.CanaryDesired = planned.CanaryInstances;
            member.CanaryReady = member.Canary == planned.Declared ? Math.Min(member.CanaryReady, planned.CanaryInstances) : 0;
            member.Canary = planned.Declared!;
            if (member.Running != planned.Stable)
            {
                (member.Running, member.Ready) = (planned.Stable, _weight == 100 ? 0 : Instances); // where requests go it is rolled gradually, as a Deployment does
            }
        }

        return Plan;
    }

    /// <summary>A second version comes, and gets the weight of the first step.</summary>
    public void StartCanary()
    {
        Step();
        Declare("v2");
        Step();
        BecomeReady();
        Step();
        Assert.Equal(10, Weight);
    }

    /// <summary>The planner is told that the declaration can't be followed.</summary>
    public void Stop(string why)
    {
        Status = RolloutPlanner.Stop(Snapshot(), why).Status;
        _weight = Status.Weight;
    }

    /// <summary>Pods become ready.</summary>
    /// <returns>True when some were not before: the operator is told.</returns>
    public bool BecomeReady()
    {
        var isNews = false;
        foreach (var member in _members.Values)
        {
            var before = (member.Ready, member.CanaryReady);
            (member.Ready, member.CanaryReady) = (Instances, Problem is null ? member.CanaryDesired : 0);
            isNews |= before != (member.Ready, member.CanaryReady);
        }

        return isNews;
    }

    /// <summary>A node goes, and with it every second instance of either side.</summary>
    public void LoseNode()
    {
        foreach (var member in _members.Values)
        {
            (member.Ready, member.CanaryReady) = (member.Ready / 2, member.CanaryReady / 2);
        }
    }

    /// <summary>So many requests come, and go where the weight sends them.</summary>
    public void Request(int count) => Split = new(Split.Canary + (count * _weight / 100), Split.Total + count);

    /// <summary>Everything goes well, until nothing changes any more.</summary>
    public void Run(int passes = 60)
    {
        for (var i = 0; i < passes; i++)
        {
            Step();
            var isNews = BecomeReady();
            Request(1000);
            Now += isNews ? TimeSpan.FromSeconds(1) : Plan.LookAgain ?? TimeSpan.FromSeconds(1);
        }
    }

    private RolloutSnapshot Snapshot() => new()
    {
        Rollout = new CanaryRollout { Metadata = new() { Namespace = "shop", Name = "rollout", Generation = 1 }, Spec = Spec, Status = Status },
        Members = [.. Spec.Members.Select(member => Observe(member.Service))],
        Split = Split,
        Evidence = new() { Revision = Declared, Verdict = Evidence.Verdict, Message = Evidence.Why, AwaySince = AwaySince },
        Holds = [.. Holds.Select(static hold => new RolloutHold { Type = "Freeze", Message = hold })],
        Now = Now,
    };

    private MemberObservation Observe(string service)
    {
        var member = _members[service];
        return new(
            service,
            member.Declared,
            member.Running,
            new WorkloadSide(member.Running ?? "", Instances, member.Ready),
            member.CanaryDesired > 0 ? new WorkloadSide(member.Canary, member.CanaryDesired, member.CanaryReady, Problem) : null);
    }

    public void Forget(string service) => _members[service].Running = null;

    private sealed class Member
    {
        public string Declared { get; set; } = "";

        public string? Running { get; set; }

        public int Ready { get; set; }

        public string Canary { get; set; } = "";

        public int CanaryDesired { get; set; }

        public int CanaryReady { get; set; }
    }
}
