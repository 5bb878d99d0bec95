using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Validation;
using ControlPlane.Kubernetes.Status;
using Operators.Tests.Testing;
using Operators.Traffic;

namespace Operators.Tests.Traffic;

public sealed class PolicyStatusPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static readonly PolicyIdentity Identity = new("TrafficPolicy", Samples.Key("timeouts"));

    private static readonly TrafficPolicy Policy = new() { Metadata = new() { Name = "timeouts", Namespace = Samples.Namespace, Generation = 3 } };

    [Fact]
    public void A_policy_that_the_data_plane_has_is_ready()
    {
        var status = Plan([], ("order", Report()), ("payment", Report()));

        Assert.Equal((3, "2/2", "istio"), (status.ObservedGeneration, status.Targets!.Summary, status.Provider));
        Assert.Equal(["Accepted=True/Accepted", "Programmed=True/Programmed", "Ready=True/Programmed"], Conditions(status));
        Assert.All(status.Conditions, condition => Assert.Equal((3, Now), (condition.ObservedGeneration, condition.LastTransitionTime)));
    }

    [Fact]
    public void A_wrong_field_is_named_and_nothing_of_the_policy_counts_as_programmed()
    {
        var status = Plan([new("spec.openFor", "2h is not within 100ms and 1h")], ("order", Report()));

        Assert.Equal(["Accepted=False/Invalid", "Programmed=False/NotAccepted", "Ready=False/Invalid"], Conditions(status));
        Assert.Equal("spec.openFor: 2h is not within 100ms and 1h", status.Conditions.Find("Ready")!.Message);
        Assert.Equal("0/1", status.Targets!.Summary);
    }

    [Fact]
    public void A_policy_for_nobody_says_so() =>
        Assert.Equal(["Accepted=False/TargetNotFound", "Programmed=False/NotAccepted", "Ready=False/TargetNotFound"], Conditions(Plan([])));

    [Fact]
    public void A_setting_that_the_provider_lacks_is_named_and_the_policy_is_not_ready()
    {
        var gap = new UnsupportedSetting { Field = "spec.cors", Message = "kong has no wildcards" };

        var status = Plan([], ("order", Report(new([gap], [], Holds: true))), ("payment", Report(new([gap], [], Holds: true))), ("user", Report()));

        Assert.Equal(["Accepted=True/Accepted", "Programmed=False/Unsupported", "Ready=False/Unsupported"], Conditions(status));
        Assert.Equal("spec.cors: kong has no wildcards", status.Conditions.Find("Programmed")!.Message);
        Assert.Equal((gap, "1/3"), (Assert.Single(status.Unsupported), status.Targets!.Summary));
    }

    [Fact]
    public void A_policy_that_loses_everywhere_is_not_accepted_and_one_that_loses_somewhere_is()
    {
        var lost = new PolicyOutcome([], [new("spec.timeouts.request", "order")], Holds: false);

        var everywhere = Plan([], ("order", Report(lost)));
        Assert.Equal(["Accepted=False/Overridden", "Programmed=False/NotAccepted", "Ready=False/Overridden"], Conditions(everywhere));
        Assert.Equal(new OverriddenSetting { Service = "order", Field = "spec.timeouts.request", By = "order" }, Assert.Single(everywhere.Overridden));

        Assert.Equal(["Accepted=True/Accepted", "Programmed=True/Programmed", "Ready=True/Programmed"], Conditions(Plan([], ("order", Report(lost)), ("payment", Report()))));
    }

    [Fact]
    public void Without_a_data_plane_nothing_is_programmed() =>
        Assert.Equal("Ready=False/NoProvider", Conditions(Plan([], ("order", Report() with { Provider = null })))[^1]);

    [Fact]
    public void What_the_API_server_refuses_is_told()
    {
        var status = Plan([], ("order", Report() with { Failure = "VirtualService order is forbidden" }));

        Assert.Equal(("Ready=False/ApplyFailed", "VirtualService order is forbidden"), (Conditions(status)[^1], status.Conditions.Find("Ready")!.Message));
    }

    [Fact]
    public void Until_every_service_was_looked_at_nobody_knows() =>
        Assert.Equal(["Accepted=True/Accepted", "Programmed=Unknown/Pending", "Ready=Unknown/Pending"], Conditions(Plan([], ("order", Report()), ("payment", null))));

    private static PolicyStatus Plan(IReadOnlyList<PolicyProblem> problems, params (string Service, ServiceTraffic? Traffic)[] reached) =>
        PolicyStatusPlanner.Plan(Policy, Identity, problems, [.. reached.Select(item => (Samples.Key(item.Service), item.Traffic))], Now);

    private static ServiceTraffic Report(PolicyOutcome? outcome = null) =>
        new("istio", new Dictionary<PolicyIdentity, PolicyOutcome> { [Identity] = outcome ?? new([], [], Holds: true) }, Failure: null);

    private static IReadOnlyList<string> Conditions(PolicyStatus status) => [.. status.Conditions.Select(condition => $"{condition.Type}={condition.Status}/{condition.Reason}")];
}
