using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Tests.Admission.Policies;

/// <summary>What MutatingAdmissionPolicies make of objects.</summary>
public sealed class MutatingPoliciesTests : IAsyncDisposable
{
    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public void An_apply_configuration_is_merged_into_the_object()
    {
        _cluster.AddMutating(Merge("""
            Object{
              metadata: Object.metadata{annotations: {"seen-by": request.userInfo.username}, ?labels: optional.none()},
              spec: Object.spec{
                replicas: object.spec.replicas + 1,
                template: Object.spec.template{spec: Object.spec.template.spec{
                  containers: object.spec.template.spec.containers.map(c, Object.spec.template.spec.containers{
                    name: c.name, env: [Object.spec.template.spec.containers.env{name: "ZONE", value: "a"}]})}}}}
            """));

        var admitted = _cluster.Admit(TestCluster.Deployment(containers: "[{name: web, image: \"web:1\", env: [{name: A, value: b}]}]"));

        Assert.Equal("meera", admitted.Text("metadata.annotations.seen-by"));
        Assert.Null(admitted.At("metadata.labels"));
        Assert.Equal(2, admitted.Number("spec.replicas"));
        var container = Assert.Single(admitted.Items("spec.template.spec.containers"));
        Assert.Equal("web:1", container.Text("image"));
        Assert.Equal(["A=b", "ZONE=a"], container.Items("env").Select(e => $"{e.Text("name")}={e.Text("value")}"));
    }

    [Fact]
    public void A_JSON_patch_is_applied()
    {
        _cluster.AddMutating(Patch("""
            [JSONPatch{op: "add", path: "/metadata/labels", value: {"team": "x"}},
             JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("example.com/a~b"), value: "1"},
             JSONPatch{op: "replace", path: "/spec/replicas", value: 7},
             JSONPatch{op: "copy", from: "/metadata/labels/team", path: "/metadata/labels/owner"},
             JSONPatch{op: "add", path: "/spec/template/spec/nodeSelector", value: Object.spec.template.spec.nodeSelector{disk: "ssd"}},
             JSONPatch{op: "remove", path: "/spec/template/spec/containers/0/env"}]
            """));

        var admitted = _cluster.Admit(TestCluster.Deployment(containers: "[{name: web, image: \"web:1\", env: [{name: A}]}]"));

        var labels = admitted.At("metadata.labels")!.AsObject();
        Assert.Equal(["example.com/a~b=1", "owner=x", "team=x"], labels.Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(7, admitted.Number("spec.replicas"));
        Assert.Equal("ssd", admitted.Text("spec.template.spec.nodeSelector.disk"));
        Assert.Null(admitted.Items("spec.template.spec.containers")[0].At("env"));
    }

    [Fact]
    public void A_failed_test_of_a_patch_leaves_the_object_as_it_is()
    {
        _cluster.AddMutating(Patch("""
            [JSONPatch{op: "replace", path: "/spec/replicas", value: 7}, JSONPatch{op: "test", path: "/spec/replicas", value: 8}]
            """));

        Assert.Equal(1, _cluster.Admit(TestCluster.Deployment()).Number("spec.replicas"));
    }

    [Fact]
    public void What_a_mutation_leaves_out_is_filled_in_as_for_clients()
    {
        _cluster.AddMutating(Patch("""
            [JSONPatch{op: "add", path: "/spec/template/spec/containers/-", value: Object.spec.template.spec.containers{name: "side", image: "side:1"}}]
            """));

        var admitted = _cluster.Admit(TestCluster.Deployment());

        Assert.Equal("/dev/termination-log", admitted.Items("spec.template.spec.containers")[1].Text("terminationMessagePath"));
    }

    [Fact]
    public void Policies_run_by_name_each_on_what_the_one_before_made_and_before_those_that_validate()
    {
        _cluster.AddMutating(Merge("Object{spec: Object.spec{replicas: object.spec.replicas * 2}}"), name: "b-doubles");
        _cluster.AddMutating(Merge("Object{spec: Object.spec{replicas: object.spec.replicas + 1}}"), name: "a-adds");
        _cluster.AddValidating("validations: [{expression: object.spec.replicas == 4}]");

        Assert.Equal(4, _cluster.Admit(TestCluster.Deployment()).Number("spec.replicas"));
    }

    [Theory]
    [InlineData("IfNeeded", 2)]
    [InlineData("Never", 1)]
    public void A_policy_looks_again_at_what_was_changed_after_it_if_it_asks_for_that(string reinvocation, int looks)
    {
        const string Count = """
            Object{metadata: Object.metadata{annotations: {
              "looks": string(int(has(object.metadata.annotations) ? object.metadata.annotations[?"looks"].orValue("0") : "0") + 1)}}}
            """;
        _cluster.AddMutating(Merge(Count, reinvocation), name: "a-looks");
        _cluster.AddMutating(Merge("Object{spec: Object.spec{replicas: 5}}"), name: "b-changes");

        var admitted = _cluster.Admit(TestCluster.Deployment());

        Assert.Equal((looks, 5), (int.Parse(admitted.Text("metadata.annotations.looks"), null), (int)admitted.Number("spec.replicas")));
    }

    [Fact]
    public void Where_nothing_is_changed_nobody_looks_again()
    {
        _cluster.AddMutating(Merge("Object{spec: Object.spec{replicas: object.spec.replicas}}", "IfNeeded"));

        Assert.Equal(1, _cluster.Admit(TestCluster.Deployment()).Number("spec.replicas"));
    }

    [Fact]
    public void Mutations_see_conditions_variables_and_parameters()
    {
        _cluster.Add("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: sizes, namespace: shop}
            data: {web: "9"}
            """);
        _cluster.AddMutating(
            $$"""
            paramKind: {apiVersion: v1, kind: ConfigMap}
            matchConditions: [{name: small, expression: object.spec.replicas < 5}]
            variables: [{name: size, expression: "int(params.data[object.metadata.name])"}]
            {{Merge("Object{spec: Object.spec{replicas: variables.size}}")}}
            """,
            "paramRef: {name: sizes, parameterNotFoundAction: Deny}");

        Assert.Equal(9, _cluster.Admit(TestCluster.Deployment(1)).Number("spec.replicas"));
        Assert.Equal(6, _cluster.Admit(TestCluster.Deployment(6)).Number("spec.replicas"));
    }

    [Fact]
    public void The_scale_of_an_object_is_changed_through_its_scale()
    {
        _cluster.AddMutating(Merge("object.kind == 'Scale' ? Object{spec: Object.spec{replicas: 2}} : Object{}"));

        var admitted = _cluster.Admit(TestCluster.Deployment(9), old: TestCluster.Deployment(1), subresource: "scale");

        Assert.Equal(("Deployment", 2), (admitted.Text("kind"), admitted.Number("spec.replicas")));
    }

    [Theory]
    [InlineData("Object{spec: Object.wrong{replicas: 1}}", "type mismatch: unexpected type name \"Object.wrong\", expected \"Object.spec\", which matches field name path from root Object type")]
    [InlineData("Object{spec: Object.spec{replica: 1}}", "error applying patch: failed to convert patch object to typed object: .spec.replica: field not declared in schema")]
    [InlineData("Object{spec: Object.spec{replicas: \"1\"}}", "error applying patch: failed to convert patch object to typed object: .spec.replicas: expected numeric (int or float), got &value.valueUnstructured{Value:\"1\"}")]
    [InlineData("Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: {\"a\": \"b\"}}}}", "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.selector")]
    [InlineData("Object{spec: Object.spec{replicas: object.spec.missing}}", "expression 'Object{spec: Object.spec{replicas: object.spec.missing}}' resulted in error: no such key: missing")]
    public void A_configuration_that_does_not_fit_refuses_the_request(string expression, string why)
    {
        _cluster.AddMutating(Merge(expression));

        var refusal = _cluster.Refusal(TestCluster.Deployment());

        Assert.Equal((403, "Invalid"), (refusal.Code, refusal.Reason));
        Assert.Equal($"policy 'rule' with binding 'rule-binding' denied request: {why}", refusal.Message);
        Assert.Equal(refusal.Message, (string?)refusal.Details!["causes"]![0]!["message"]);
    }

    [Fact]
    public void A_policy_that_ignores_failures_leaves_the_object_as_it_is()
    {
        _cluster.AddMutating(Merge("Object{spec: Object.spec{replica: 1}}") + "\nfailurePolicy: Ignore");

        Assert.Equal(3, _cluster.Admit(TestCluster.Deployment(3)).Number("spec.replicas"));
    }

    [Theory]
    [InlineData("""[JSONPatch{op: "add", path: "/spec/replica", value: 1}]""", 500, "strict decoding error: unknown field \"spec.replica\"")]
    [InlineData("""[JSONPatch{op: "remove", path: "/spec/nothing"}]""", 403, "denied request: JSONPath: ")]
    [InlineData("""[JSONPatch{op: object.metadata.name, path: "/spec", value: 1}]""", 403, "denied request: JSONPath: unexpected kind of operation")]
    [InlineData("""[JSONPatch{op: "replace", path: "/metadata/namespace", value: "other"}]""", 400, "do not match those of the request")]
    public void A_patch_that_does_not_fit_refuses_the_request(string expression, int code, string why)
    {
        _cluster.AddMutating(Patch(expression));

        var refusal = _cluster.Refusal(TestCluster.Deployment());

        Assert.Equal(code, refusal.Code);
        Assert.Contains(why, refusal.Message);
    }

    [Fact]
    public void A_policy_that_names_another_version_changes_the_object_in_that()
    {
        _cluster.AddMutating($$"""
            matchConstraints:
              resourceRules: [{apiGroups: [autoscaling], apiVersions: [v1], operations: ["*"], resources: [horizontalpodautoscalers]}]
            {{Merge("Object{spec: Object.spec{targetCPUUtilizationPercentage: 70}}")}}
            """);

        var admitted = _cluster.Admit("""
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web, namespace: shop}
            spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web} }
            """);

        Assert.Equal("autoscaling/v2", admitted.Text("apiVersion"));
        Assert.Equal("70", admitted.Items("spec.metrics")[0].Text("resource.target.averageUtilization"));
    }

    private static string Merge(string expression, string reinvocation = "Never") => $$"""
        reinvocationPolicy: {{reinvocation}}
        mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: {{JsonValue.Create(expression)!.ToJsonString()}} } }]
        """;

    private static string Patch(string expression) => $$"""
        reinvocationPolicy: Never
        mutations: [{patchType: JSONPatch, jsonPatch: {expression: {{JsonValue.Create(expression)!.ToJsonString()}} } }]
        """;
}
