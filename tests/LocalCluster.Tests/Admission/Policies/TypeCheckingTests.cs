using LocalCluster.Admission.Policies;
using LocalCluster.Resources;
using LocalCluster.Tests.Schemas;

namespace LocalCluster.Tests.Admission.Policies;

/// <summary>What the schemas of kinds say against the expressions of policies.</summary>
public sealed class TypeCheckingTests
{
    private static readonly ResourceCatalog Catalog = new(BuiltInResources.Groups);

    [Fact]
    public void Expressions_that_fit_the_kind_are_no_matter() => Assert.Empty(Check(
        "resources: [deployments]",
        "[{expression: 'object.spec.replicas > 1 && object.metadata.labels.size() > 0 && oldObject == null', messageExpression: \"'x' + object.metadata.name\"}]"));

    [Fact]
    public void Confusion_of_types_is_told_for_each_expression()
    {
        var warnings = Check(
            "resources: [deployments]", "[{expression: \"object.spec.replicas > '1'\", messageExpression: \"'got ' + object.spec.replicas\"}]");

        Assert.Equal(["spec.validations[0].expression", "spec.validations[0].messageExpression"], warnings.Select(w => w.Field));
        Assert.Equal(
            "apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '(int, string)'\n"
                + " | object.spec.replicas > '1'\n | .....................^\n",
            warnings[0].Warning);
        Assert.Contains("found no matching overload for '_+_' applied to '(string, int)'", warnings[1].Warning);
    }

    [Fact]
    public void Each_kind_that_the_rules_name_is_checked()
    {
        var warnings = Check("resources: [replicasets, deployments, deployments/scale]", "[{expression: object.spec.paused}]");

        var warning = Assert.Single(warnings).Warning;
        Assert.StartsWith("apps/v1, Kind=ReplicaSet: ERROR: <input>:1:12: undefined field 'paused'", warning);
        Assert.DoesNotContain("Deployment", warning);
    }

    [Fact]
    public void Variables_have_the_types_of_what_they_are_made_of()
    {
        var warnings = Check("resources: [deployments]", "[{expression: variables.count == 'a'}]\n  variables: [{name: count, expression: object.spec.replicas}]");

        Assert.Contains("found no matching overload for '_==_' applied to '(int, string)'", Assert.Single(warnings).Warning);
    }

    [Fact]
    public void Parameters_have_the_type_of_their_kind()
    {
        var warnings = Check("resources: [deployments]", "[{expression: params.data.a == params.nothing}]\n  paramKind: {apiVersion: v1, kind: ConfigMap}");

        Assert.Contains("undefined field 'nothing'", Assert.Single(warnings).Warning);
    }

    [Fact]
    public void A_wildcard_names_no_kind() => Assert.Empty(Check("resources: ['*']", "[{expression: object.nothing == 1}]"));

    private static List<(string Field, string Warning)> Check(string resources, string validations)
    {
        var policy = new KubeObject(Yaml.Object($$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: rule}
            spec:
              matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], {{resources}}}]}
              validations: {{validations}}
            """));
        return [.. TypeChecking.Check(policy, Catalog).Select(w => (w.Text("fieldRef"), w.Text("warning")))];
    }
}
