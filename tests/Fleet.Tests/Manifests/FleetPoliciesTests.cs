using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Validation;

namespace Fleet.Tests.Manifests;

/// <summary>The example policies: each is valid, and for services of the example fleet.</summary>
public sealed class FleetPoliciesTests
{
    public static TheoryData<string> Files => new(FleetManifests.Files.Where(file => FleetManifests.Read(file).Kind.EndsWith("Policy", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_policy_is_valid_and_for_services_that_are_declared(string file)
    {
        var document = FleetManifests.Read(file);
        var (problems, targets) = document.Kind switch
        {
            "TrafficPolicy" => Check<TrafficPolicy, TrafficPolicySpec>(document.Json),
            "RateLimitPolicy" => Check<RateLimitPolicy, RateLimitPolicySpec>(document.Json),
            _ => Check<CircuitPolicy, CircuitPolicySpec>(document.Json),
        };

        Assert.Empty(problems);
        Assert.NotEmpty(targets);
        Assert.Subset(FleetManifests.Services.Select(service => service.Metadata.Name).ToHashSet(), targets.ToHashSet());
    }

    [Fact]
    public void There_is_an_example_of_every_kind() =>
        Assert.Equal(["CircuitPolicy", "RateLimitPolicy", "TrafficPolicy"], Files.Select(row => FleetManifests.Read(row.Data).Kind).Distinct().Order());

    private static (IReadOnlyList<PolicyProblem> Problems, IEnumerable<string> Targets) Check<TPolicy, TSpec>(JsonObject json)
        where TPolicy : CustomResource<TSpec, PolicyStatus>
        where TSpec : class, IPolicySpec, new()
    {
        var policy = json.Deserialize<TPolicy>(FleetManifests.Strict)!;
        return (new PolicyValidity().Problems(policy), policy.Spec.TargetRefs.Select(target => target.Name));
    }
}
