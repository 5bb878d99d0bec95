using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using Operators.Cluster;
using Operators.Registry;
using Operators.Tests.Testing;
using Reasons = ControlPlane.Kubernetes.Resources.ManagedServiceConditions.Reasons;
using Types = ControlPlane.Kubernetes.Resources.ManagedServiceConditions;

namespace Operators.Tests.Registry;

public sealed class ServiceStatusPlannerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly ServiceObservation Running = Observe(Samples.Service("order"), Samples.Deployment("order"));

    /// <summary>Everything that can be seen, with the reason of Accepted, that of Ready, and which kstatus condition is there.</summary>
    public static TheoryData<string, string, string, string?> Situations => new()
    {
        { "all instances serve", Reasons.Valid, Reasons.AllInstancesReady, null },
        { "an instance does not serve", Reasons.Valid, Reasons.InstancesNotReady, Types.Reconciling },
        { "a rollout is under way", Reasons.Valid, Reasons.RollingOut, Types.Reconciling },
        { "the newest spec was not seen yet", Reasons.Valid, Reasons.RollingOut, Types.Reconciling },
        { "the cluster gave up on a rollout", Reasons.Valid, Reasons.ProgressDeadlineExceeded, Types.Stalled },
        { "no instances are wanted", Reasons.Valid, Reasons.ScaledToZero, null },
        { "nothing runs yet", Reasons.Valid, Reasons.RollingOut, Types.Reconciling },
        { "the API refused an object", Reasons.Valid, Reasons.ApplyFailed, Types.Reconciling },
        { "an object belongs to somebody else", Reasons.NotOwned, Reasons.NotOwned, Types.Stalled },
        { "a field is wrong", Reasons.Invalid, Reasons.Invalid, Types.Stalled },
        { "a dependency is unknown", Reasons.UnknownDependency, Reasons.UnknownDependency, Types.Stalled },
        { "a dependency leads back", Reasons.DependencyCycle, Reasons.DependencyCycle, Types.Stalled },
        { "the adopted workload does not exist", Reasons.WorkloadNotFound, Reasons.WorkloadNotFound, Types.Stalled },
    };

    [Theory]
    [MemberData(nameof(Situations))]
    public void Conditions_tell_what_is_seen(string situation, string accepted, string ready, string? kstatus)
    {
        var status = ServiceStatusPlanner.Plan(See(situation), Noon);

        Assert.Equal((accepted, ready), (status.Conditions.Find(Types.Accepted)!.Reason, status.Conditions.Find(Types.Ready)!.Reason));
        Assert.Equal(accepted == Reasons.Valid, status.Conditions.IsTrue(Types.Accepted));
        Assert.Equal(ready is Reasons.AllInstancesReady or Reasons.ScaledToZero, status.Conditions.IsTrue(Types.Ready));
        Assert.Equal(
            kstatus is null ? [] : [kstatus],
            status.Conditions.Where(condition => condition.Type is Types.Stalled or Types.Reconciling).Select(condition => condition.Type));
        Assert.All(status.Conditions, condition => Assert.Equal((7, Noon), (condition.ObservedGeneration, condition.LastTransitionTime)));
        Assert.Equal(7, status.ObservedGeneration);
    }

    [Fact]
    public void The_message_of_an_invalid_declaration_names_every_field()
    {
        var seen = Running with { Problems = [new FieldProblem(Reasons.Invalid, "spec.a", "is wrong"), new FieldProblem(Reasons.Invalid, "spec.b", "is worse")] };

        Assert.Equal("spec.a: is wrong; spec.b: is worse", ServiceStatusPlanner.Plan(seen, Noon).Conditions.Find(Types.Accepted)!.Message);
    }

    [Fact]
    public void A_transition_time_stays_until_the_status_of_its_condition_flips()
    {
        var first = ServiceStatusPlanner.Plan(See("a rollout is under way"), Noon);
        var later = ServiceStatusPlanner.Plan(After(first, See("an instance does not serve")), Noon.AddMinutes(1));
        var done = ServiceStatusPlanner.Plan(After(later, Running), Noon.AddMinutes(2));

        Assert.Equal((Noon, Reasons.InstancesNotReady), (later.Conditions.Find(Types.Ready)!.LastTransitionTime, later.Conditions.Find(Types.Ready)!.Reason));
        Assert.Equal(Noon.AddMinutes(2), done.Conditions.Find(Types.Ready)!.LastTransitionTime);
        Assert.Equal(Noon, done.Conditions.Find(Types.Accepted)!.LastTransitionTime);
    }

    [Fact]
    public void The_same_observation_gives_the_same_status_at_any_time()
    {
        var first = ServiceStatusPlanner.Plan(Running, Noon);

        var second = ServiceStatusPlanner.Plan(After(first, Running), Noon.AddHours(1));

        Assert.Equal(YamlText.Of(Json(first)), YamlText.Of(Json(second)));
    }

    [Fact]
    public void Two_versions_are_shown_old_to_new_while_a_rollout_is_under_way()
    {
        var seen = Running with { Pods = [Pod("order-2", "company/order:2.1.0"), Pod("order-1", "company/order:10.0.0"), Pod("order-3", "company/order:2.1.0")] };

        Assert.Equal("10.0.0 → 2.1.0", ServiceStatusPlanner.Plan(seen, Noon).Version);
    }

    [Fact]
    public void An_instance_that_leaves_does_not_show_its_version()
    {
        var old = Pod("order-1", "company/order:2.0.0");
        var seen = Running with { Pods = [old with { Metadata = old.Metadata with { DeletionTimestamp = Noon } }, Pod("order-2", "company/order:2.1.0")] };

        Assert.Equal("2.1.0", ServiceStatusPlanner.Plan(seen, Noon).Version);
    }

    [Fact]
    public void Before_there_are_instances_the_wanted_version_is_shown() => Assert.Equal("2.1.0", ServiceStatusPlanner.Plan(Running, Noon).Version);

    [Fact]
    public void The_first_ten_unhealthy_instances_are_listed_with_their_reasons_in_order()
    {
        var seen = Running with { Pods = [.. Enumerable.Range(0, 12).Reverse().Select(i => Pod($"order-{i:00}", "company/order:1", ready: i == 3))] };

        var unhealthy = ServiceStatusPlanner.Plan(seen, Noon).Instances!.Unhealthy;

        Assert.Equal(["00", "01", "02", "04", "05", "06", "07", "08", "09", "10"], unhealthy.Select(instance => instance.Name[^2..]));
        Assert.All(unhealthy, instance => Assert.Equal("NotReady", instance.Reason));
    }

    [Fact]
    public void Instances_selector_image_and_endpoints_are_those_of_the_cluster()
    {
        var seen = Running with { Front = new ServiceFront(Samples.Key("front"), [new FrontPort(80, "http"), new FrontPort(9000, "grpc")]) };

        var status = ServiceStatusPlanner.Plan(seen, Noon);

        Assert.Equal((2, 2, 2, 2, "2/2"), (status.Instances!.Desired, status.Instances.Total, status.Instances.Ready, status.Instances.Updated, status.Instances.Summary));
        Assert.Equal(("app=order", "company/order:2.1.0"), (status.Selector, status.Image));
        Assert.Equal(["http://front.shop.svc:80", "grpc://front.shop.svc:9000"], status.Endpoints);
    }

    [Fact]
    public void Repairs_are_counted_over_all_time_and_the_last_one_is_shown()
    {
        var deployment = new AppliedChange(KnownResources.Deployments, Samples.Key("order"), ChangeAction.Repaired, [".spec.template"], "kubectl-edit");
        var service = new AppliedChange(KnownResources.Services, Samples.Key("order"), ChangeAction.Repaired, [".spec.ports"], "helm");
        var update = new AppliedChange(KnownResources.Services, Samples.Key("order"), ChangeAction.Updated, []);

        var first = ServiceStatusPlanner.Plan(Running with { Changes = [deployment, service, update] }, Noon);
        var second = ServiceStatusPlanner.Plan(After(first, Running with { Changes = [update] }), Noon.AddHours(1));
        var third = ServiceStatusPlanner.Plan(After(second, Running with { Changes = [deployment] }), Noon.AddHours(2));

        Assert.Equal((2, "Service/order", "helm", Noon), (first.Drift!.Repairs, first.Drift.LastObject, first.Drift.LastManager, first.Drift.LastTime));
        Assert.Equal(first.Drift, second.Drift);
        Assert.Equal((3, "Deployment/order", "kubectl-edit"), (third.Drift!.Repairs, third.Drift.LastObject, third.Drift.LastManager));
    }

    [Fact]
    public void An_invalid_declaration_keeps_the_list_of_objects_that_still_run()
    {
        var first = ServiceStatusPlanner.Plan(Running, Noon);

        var second = ServiceStatusPlanner.Plan(After(first, See("a field is wrong")), Noon);

        Assert.NotEmpty(first.Objects);
        Assert.Equal(first.Objects, second.Objects);
    }

    [Fact]
    public void What_falls_short_is_listed_for_workloads_that_others_wrote()
    {
        var status = ServiceStatusPlanner.Plan(Observe(Samples.Adopting("order"), Samples.Deployment("order")), Noon);

        Assert.Equal(Reasons.FallsShort, status.Conditions.Find(Types.Baseline)!.Reason);
        Assert.Contains(status.Shortfalls, shortfall => shortfall.Field == "Deployment/order spec.template.spec.containers[0].readinessProbe");
        Assert.Contains(status.Shortfalls[0].Field, status.Conditions.Find(Types.Baseline)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_baseline_itself_made_does_not_fall_short() =>
        Assert.Equal(Reasons.Met, ServiceStatusPlanner.Plan(Running, Noon).Conditions.Find(Types.Baseline)!.Reason);

    [Fact]
    public void Nothing_is_said_of_the_baseline_while_nothing_runs() =>
        Assert.Null(ServiceStatusPlanner.Plan(See("the adopted workload does not exist"), Noon).Conditions.Find(Types.Baseline));

    private static ServiceObservation See(string situation) => situation switch
    {
        "all instances serve" => Running,
        "an instance does not serve" => Running with { Workload = Running.Workload! with { Status = Running.Workload.Status with { ReadyReplicas = 1 } } },
        "a rollout is under way" => Running with { Workload = Running.Workload! with { Status = Running.Workload.Status with { UpdatedReplicas = 1 } } },
        "the newest spec was not seen yet" => Running with { Workload = Running.Workload! with { Metadata = Running.Workload.Metadata with { Generation = 2 } } },
        "the cluster gave up on a rollout" => Running with
        {
            Workload = Running.Workload! with
            {
                Status = Running.Workload.Status with
                {
                    UpdatedReplicas = 1,
                    Conditions = [new() { Type = "Progressing", Status = "False", Reason = "ProgressDeadlineExceeded", Message = "timed out" }],
                },
            },
        },
        "no instances are wanted" => Running with
        {
            Workload = Running.Workload! with { Spec = Running.Workload.Spec with { Replicas = 0 }, Status = new() { ObservedGeneration = 1 } },
        },
        "nothing runs yet" => Running with { Workload = null },
        "the API refused an object" => Running with { Failures = [new ApplyFailure(KnownResources.Services, Samples.Key("order"), "spec.ports: wrong")] },
        "an object belongs to somebody else" => Running with { Failures = [new ApplyFailure(KnownResources.Services, Samples.Key("order"), "exists", "helm")] },
        "a field is wrong" => Running with { Problems = [new FieldProblem(Reasons.Invalid, "spec.a", "is wrong")], Objects = [] },
        "a dependency is unknown" => Running with { Problems = [new FieldProblem(Reasons.UnknownDependency, "spec.dependsOn[0]", "unknown")] },
        "a dependency leads back" => Running with { Problems = [new FieldProblem(Reasons.DependencyCycle, "spec.dependsOn[0]", "back")] },
        "the adopted workload does not exist" => Observe(Samples.Adopting("order"), deployment: null),
        _ => throw new ArgumentOutOfRangeException(nameof(situation), situation, "no such situation"),
    };

    private static ServiceObservation Observe(ManagedService service, JsonObject? deployment) => new()
    {
        Service = service with { Metadata = service.Metadata with { Generation = 7 } },
        Workload = deployment is null ? null : System.Text.Json.JsonSerializer.Deserialize<WorkloadView>(deployment, KubeJson.Options),
        Objects = ServicePlanner.Plan(new ServiceSnapshot(service, [], [], new ClusterFeatures(ServiceMonitors: false, PrometheusRules: false))),
    };

    private static ServiceObservation After(ManagedServiceStatus status, ServiceObservation seen) => seen with { Service = seen.Service with { Status = status } };

    private static PodView Pod(string name, string image, bool ready = false) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = Samples.Namespace },
        Spec = new PodSpecView { Containers = [new ContainerView { Name = "app", Image = image }] },
        Status = new PodStatusView { Phase = "Running", Conditions = ready ? [new PodConditionView { Type = "Ready", Status = "True" }] : [] },
    };

    private static JsonNode? Json(ManagedServiceStatus status) => System.Text.Json.JsonSerializer.SerializeToNode(status, KubeJson.Options);
}
