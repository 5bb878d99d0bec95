using System.Net;
using Gateway.Planning;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Planning;

/// <summary>From a cluster to a plan. Each folder of Golden is a case: what is declared, and what follows.</summary>
public sealed class RoutingPlannerGoldenTests
{
    private static readonly Golden Golden = new("Planning/Golden");

    public static TheoryData<string> Cases => [.. Golden.Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cluster_has_its_plan(string name)
    {
        var view = new DeclaredCluster(Golden.Input(name, "input.yaml"));
        var pool = name.Contains("pool", StringComparison.Ordinal) ? "127.90.0" : null;

        var plan = new RoutingPlanner(new PlannerOptions("dabbawala.dev/gateway", IPAddress.Loopback, pool)).Plan(view);

        Golden.Holds(name, "plan.txt", PlanText.Of(plan, view));
    }
}
