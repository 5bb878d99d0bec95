using LocalCluster.Errors;

namespace LocalCluster.Tests.Admission.Policies;

/// <summary>Which requests a policy is about.</summary>
public sealed class MatchCriteriaTests : IAsyncDisposable
{
    private const string Autoscaler = """
        apiVersion: autoscaling/v1
        kind: HorizontalPodAutoscaler
        metadata: {name: web, namespace: shop}
        spec: {maxReplicas: 3, targetCPUUtilizationPercentage: 80, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web} }
        """;

    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]", true)]
    [InlineData("apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*']", true)]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: ['*/*']", true)]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments], scope: Namespaced", true)]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments], resourceNames: [web, db]", true)]
    [InlineData("apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [deployments]", false)]
    [InlineData("apiGroups: [apps], apiVersions: [v1beta1], operations: [CREATE], resources: [deployments]", false)]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [UPDATE, DELETE], resources: [deployments]", false)]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [replicasets, deployments/scale]", false)]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments], scope: Cluster", false)]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments], resourceNames: [db]", false)]
    public void A_rule_names_groups_versions_operations_resources_scope_and_names(string rule, bool matches) =>
        Assert.Equal(matches, Matches($"resourceRules: [{{{rule}}}]", TestCluster.Deployment()));

    [Theory]
    [InlineData("['*']", false)]
    [InlineData("['*/*']", true)]
    [InlineData("[deployments/*]", true)]
    [InlineData("['*/scale']", true)]
    [InlineData("[deployments]", false)]
    [InlineData("[deployments/status]", false)]
    public void A_subresource_is_matched_only_where_it_is_meant(string resources, bool matches)
    {
        Refuse($"resourceRules: [{{apiGroups: [apps], apiVersions: [v1], operations: ['*'], resources: {resources}}}]");

        var refusal = Record.Exception(() => _cluster.Admit(TestCluster.Deployment(), old: TestCluster.Deployment(), subresource: "scale"));

        Assert.Equal(matches, refusal is StatusException);
    }

    [Fact]
    public void An_exclusion_wins()
    {
        const string All = "{apiGroups: [apps], apiVersions: [v1], operations: ['*'], resources: [deployments]";

        Assert.False(Matches($"resourceRules: [{All}}}]\n  excludeResourceRules: [{All}, resourceNames: [web]}}]", TestCluster.Deployment()));
    }

    [Theory]
    [InlineData("{matchLabels: {env: test} }", true)]
    [InlineData("{matchLabels: {env: prod} }", false)]
    [InlineData("{matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}", true)]
    [InlineData("{matchExpressions: [{key: team, operator: Exists}]}", false)]
    public void Labels_of_the_namespace_select(string selector, bool matches) =>
        Assert.Equal(matches, Matches($"namespaceSelector: {selector}\n  {AnyDeployment}", TestCluster.Deployment()));

    [Fact]
    public void Labels_of_a_namespace_that_is_written_are_those_that_it_will_have()
    {
        const string Namespaces = "resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [namespaces], scope: Cluster}]";

        Assert.True(Matches(
            $"namespaceSelector: {{matchLabels: {{env: new}} }}\n  {Namespaces}",
            "{apiVersion: v1, kind: Namespace, metadata: {name: fresh, labels: {env: new} } }"));
    }

    [Theory]
    [InlineData("v: b", "v: a", true)]
    [InlineData("v: a", "v: b", true)]
    [InlineData("v: b", "v: c", false)]
    public void Labels_of_the_object_select_before_or_after(string labels, string before, bool matches)
    {
        Refuse($"objectSelector: {{matchLabels: {{v: a}} }}\n  {AnyDeployment}");

        var refusal = Record.Exception(() => _cluster.Admit(
            TestCluster.Deployment(metadata: $", labels: {{{labels}}}"), old: TestCluster.Deployment(metadata: $", labels: {{{before}}}")));

        Assert.Equal(matches, refusal is StatusException);
    }

    [Theory]
    [InlineData("Equivalent", true)]
    [InlineData("Exact", false)]
    public void A_request_in_another_version_matches_unless_the_policy_wants_the_very_one(string matchPolicy, bool matches) =>
        Assert.Equal(matches, Matches(
            $"matchPolicy: {matchPolicy}\n  resourceRules: [{{apiGroups: [autoscaling], apiVersions: [v2], operations: ['*'], resources: [horizontalpodautoscalers]}}]",
            Autoscaler));

    [Fact]
    public void A_policy_sees_the_version_that_it_names()
    {
        _cluster.AddValidating("""
            matchConstraints:
              resourceRules: [{apiGroups: [autoscaling], apiVersions: [v2], operations: ["*"], resources: [horizontalpodautoscalers]}]
            validations:
            - {expression: "object.apiVersion == 'autoscaling/v2' && object.spec.metrics[0].resource.target.averageUtilization == 80"}
            - {expression: "request.kind.version == 'v2' && request.requestKind.version == 'v1'"}
            """);

        _cluster.Admit(Autoscaler);
    }

    private const string AnyDeployment = "resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: ['*'], resources: [deployments]}]";

    private bool Matches(string constraints, string obj)
    {
        Refuse(constraints);
        return Record.Exception(() => _cluster.Admit(obj)) is StatusException;
    }

    private void Refuse(string constraints) => _cluster.AddValidating($"""
        matchConstraints:
          {constraints}
        validations: [{"{"}expression: "false"{"}"}]
        """);
}
