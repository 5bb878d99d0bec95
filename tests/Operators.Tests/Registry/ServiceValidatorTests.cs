using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Registry;
using Operators.Tests.Testing;
using Reasons = ControlPlane.Kubernetes.Resources.ManagedServiceConditions.Reasons;

namespace Operators.Tests.Registry;

public sealed class ServiceValidatorTests : IDisposable
{
    private readonly KnownFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void A_plain_declaration_has_no_problems()
    {
        _fleet.Declare(Samples.Service("payment"));

        Assert.Empty(_fleet.Validator.Check(_fleet.Declare(Samples.Service("order", "payment"))));
    }

    [Fact]
    public void A_dependency_that_nobody_declares_is_named_with_its_place()
    {
        _fleet.Declare(Samples.Service("payment"));

        var problem = Assert.Single(_fleet.Validator.Check(_fleet.Declare(Samples.Service("order", "payment", "money/ledger"))));

        Assert.Equal(("spec.dependsOn[1]", Reasons.UnknownDependency), (problem.Field, problem.Reason));
        Assert.Contains("money/ledger", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_depends_on_itself_is_told_so_once()
    {
        var problem = Assert.Single(_fleet.Validator.Check(_fleet.Declare(Samples.Service("order", "shop/order"))));

        Assert.Equal(("spec.dependsOn[0]", Reasons.DependencyCycle), (problem.Field, problem.Reason));
    }

    [Fact]
    public void A_cycle_is_told_to_everybody_on_it_and_to_nobody_else()
    {
        string[] edges = ["a>b", "b>c", "c>a", "c>outside", "before>a"];
        var services = Declare(edges);

        var accused = services.Where(service => _fleet.Validator.Check(service).Count > 0).Select(service => service.Metadata.Name);

        Assert.Equal(["a", "b", "c"], accused.Order());
    }

    [Fact]
    public void A_cycle_is_described_from_the_dependency_that_leads_into_it()
    {
        var services = Declare(["order>stock", "order>payment", "payment>ledger", "ledger>order"]);

        var problem = Assert.Single(_fleet.Validator.Check(services.Single(service => service.Metadata.Name == "order")));

        Assert.Equal(("spec.dependsOn[1]", Reasons.DependencyCycle), (problem.Field, problem.Reason));
        Assert.Contains("shop/order → shop/payment → shop/ledger → shop/order", problem.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Contradictions => new()
    {
        { "spec.workload.ports[1].port", "ports: [{name: http, port: 80}, {name: web, port: 80}]" },
        { "spec.healthCheck.port", "healthCheck" },
        { "spec.workload.monitoring.port", "monitoring: {port: missing}" },
        { "spec.workload.probes.liveness.port", "probes: {liveness: {port: missing}}" },
        { "spec.workload.probes.readiness.port", "probes: {readiness: {port: missing}}" },
        { "spec.workload.probes.startup.port", "probes: {startup: {port: missing}}" },
        { "spec.workload.resources.requests.memory", "resources: {requests: {memory: 1Gi}, limits: {memory: 1000Mi}}" },
        { "spec.workload.rollout.maxSurge", "rollout: {maxSurge: many}" },
        { "spec.workload.rollout.maxUnavailable", "rollout: {maxUnavailable: -1}" },
        { "spec.workload.disruption.maxUnavailable", "disruption: {maxUnavailable: 10 percent}" },
        { "spec.workload.rollout", "rollout: {maxSurge: 0, maxUnavailable: 0%}" },
        { "spec.workload.lifecycle.preStopSeconds", "lifecycle: {preStopSeconds: 45}" },
        { "spec.workload.env[1]", "env: [{name: A}, {name: B, value: x, fieldRef: status.podIP}]" },
        { "spec.workload.network.allowFrom[1].cidr", "network: {allowFrom: [{cidr: 10.0.0.0/8}, {cidr: 10.0.0.1/8}]}" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_contradiction_names_its_field(string field, string workload)
    {
        var service = workload == "healthCheck"
            ? Samples.Service("order") with { Spec = Samples.Service("order").Spec with { HealthCheck = new ActiveHealthCheck { Port = "missing" } } }
            : Samples.Service("order").With(_ => Workload($"image: fleet/order:1, {workload}"));

        var problem = Assert.Single(_fleet.Validator.Check(_fleet.Declare(service)));

        Assert.Equal((field, Reasons.Invalid), (problem.Field, problem.Reason));
    }

    [Theory]
    [InlineData("ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]")]
    [InlineData("rollout: {maxSurge: 0, maxUnavailable: 1}")]
    [InlineData("resources: {requests: {memory: 1Gi}, limits: {memory: 1024Mi, cpu: 1}}")]
    [InlineData("env: [{name: A, value: ''}]")]
    public void What_only_looks_like_a_contradiction_is_let_through(string workload) =>
        Assert.Empty(_fleet.Validator.Check(_fleet.Declare(Samples.Service("order").With(_ => Workload($"image: fleet/order:1, {workload}")))));

    [Fact]
    public void Address_ranges_are_checked_wherever_they_stand()
    {
        var service = Samples.Service("order") with
        {
            Spec = Samples.Service("order").Spec with
            {
                Datastores = [new Datastore { Name = "db", Engine = "PostgreSQL", Port = 5432, Cidr = "10.20.0.0/33" }],
                ExternalDependencies = [new ExternalDependency { Name = "sms", Port = 443, Cidr = "sms.example.com" }],
            },
        };

        var problems = _fleet.Validator.Check(_fleet.Declare(service));

        Assert.Equal(["spec.datastores[0].cidr", "spec.externalDependencies[0].cidr"], problems.Select(problem => problem.Field));
    }

    [Theory]
    [InlineData("10.20.0.0/24", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("203.0.113.7/32", true)]
    [InlineData("2001:DB8::/32", true)]
    [InlineData("2001:db8::1/32", false)]
    [InlineData("10.20.0.1/24", false)]
    [InlineData("10.020.0.0/24", false)]
    [InlineData("10.20.0.0", false)]
    [InlineData("10.20/16", false)]
    public void An_address_range_has_no_bits_after_its_prefix_and_no_leading_zeros(string cidr, bool valid)
    {
        var service = Samples.Service("order").With(workload => workload with { Network = new WorkloadNetwork { AllowFrom = [new NetworkCaller { Cidr = cidr }] } });

        Assert.Equal(valid, _fleet.Validator.Check(_fleet.Declare(service)).Count == 0);
    }

    [Theory]
    [InlineData("spec.workload.template", "selector: {app: x}, template: {spec: {containers: 7}}")]
    [InlineData("spec.workload.template.spec.containers", "selector: {app: x}, template: {metadata: {labels: {app: x}}}")]
    [InlineData("spec.workload.selector", "template: {metadata: {labels: {app: x}}, spec: {containers: [{name: a, image: b}]}}")]
    [InlineData("spec.workload.selector", "selector: {app: z}, template: {metadata: {labels: {app: x}}, spec: {containers: [{name: a, image: b}]}}")]
    public void A_template_that_could_not_run_names_what_it_lacks(string field, string workload)
    {
        var problem = Assert.Single(_fleet.Validator.Check(_fleet.Declare(Samples.Service("order").With(_ => Workload(workload)))));

        Assert.Equal((field, Reasons.Invalid), (problem.Field, problem.Reason));
    }

    [Fact]
    public void A_workload_that_the_operator_itself_keeps_can_not_be_adopted()
    {
        var deployment = Samples.Deployment("order");
        deployment["metadata"]!["labels"] = Samples.Json($"{{apiVersion: v1, kind: Labels, metadata: {{name: x}}, labels: {{{FleetApi.InventoryLabel}: order}}}}")["labels"]!.DeepClone();
        _fleet.Own(KnownResources.Deployments, deployment);

        var problem = Assert.Single(_fleet.Validator.Check(_fleet.Declare(Samples.Adopting("order"))));

        Assert.Equal(("spec.workloadRef.name", Reasons.Invalid), (problem.Field, problem.Reason));
    }

    [Fact]
    public void A_workload_that_others_run_can_be_adopted()
    {
        _fleet.Run(Samples.Deployment("order"));

        Assert.Empty(_fleet.Validator.Check(_fleet.Declare(Samples.Adopting("order"))));
    }

    private static ServiceWorkload Workload(string fields) => Samples.Read<ManagedService>(
        $"{{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: ManagedService, metadata: {{name: order, namespace: shop}}, spec: {{workload: {{{fields}}}}}}}").Spec.Workload!;

    /// <summary>Declares services by their dependencies, written as <c>caller&gt;called</c>.</summary>
    private List<ManagedService> Declare(string[] edges)
    {
        var pairs = edges.Select(edge => edge.Split('>')).ToList();
        return
        [
            .. pairs.SelectMany(pair => pair).Distinct().Select(name =>
                _fleet.Declare(Samples.Service(name, [.. pairs.Where(pair => pair[0] == name).Select(pair => pair[1])]))),
        ];
    }
}
