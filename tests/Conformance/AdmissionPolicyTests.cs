using System.Net;
using Conformance.Cluster;

namespace Conformance;

/// <summary>Admission policies: what they refuse, warn of and change. They are in force in the namespace of the test only.</summary>
public sealed class AdmissionPolicyTests(TestCluster cluster) : ClusterTest(cluster)
{
    private static string Constraints => ConstraintsOn("", "configmaps");

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private string Name => $"{Namespace}.example.com";

    [Fact]
    public async Task A_broken_validation_denies_the_request_in_its_own_words()
    {
        await using var policy = await ValidatingAsync("""
            "validations": [{"expression": "object.data.key != 'bad'", "messageExpression": "'not ' + object.data.key"}]
            """);

        var denied = await UntilAsync(() => TryAsync("marker", "bad"), answer => answer.Code != HttpStatusCode.Created);

        denied.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        var why = $"ValidatingAdmissionPolicy '{Name}' with binding '{Name}' denied request: not bad";
        Assert.Equal($"configmaps \"marker\" is forbidden: {why}", denied.Text("message"));
        Assert.Equal(why, denied.Text("details.causes.0.message"));
        (await TryAsync("good", "value")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_binding_can_warn_where_it_does_not_deny()
    {
        await using var policy = await ValidatingAsync(
            """ "validations": [{"expression": "object.data.key != 'bad'", "message": "think twice"}] """, """ "validationActions": ["Warn"] """);

        var warned = await UntilAsync(() => TryAsync("marker", "bad"), answer => answer.Warnings.Count > 0);

        warned.Expect(HttpStatusCode.Created);
        Assert.Contains($"Validation failed for ValidatingAdmissionPolicy '{Name}' with binding '{Name}': think twice", Assert.Single(warned.Warnings));
    }

    [Fact]
    public async Task Parameters_are_objects_that_the_binding_names()
    {
        (await ConfigMaps.CreateAsync(ConfigMap("limits", """{"forbidden": "bad"}"""))).Expect(HttpStatusCode.Created);
        await using var policy = await ValidatingAsync(
            """
            "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
            "validations": [{"expression": "object.data.key != params.data.forbidden", "reason": "Forbidden"}]
            """,
            """ "validationActions": ["Deny"], "paramRef": {"name": "limits", "parameterNotFoundAction": "Deny"} """);

        var denied = await UntilAsync(() => TryAsync("marker", "bad"), answer => answer.Code != HttpStatusCode.Created);

        denied.ExpectFailure(HttpStatusCode.Forbidden, "Forbidden");
        (await TryAsync("good", "value")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Conditions_keep_a_policy_out_and_variables_are_shared_by_its_expressions()
    {
        await using var policy = await ValidatingAsync("""
            "matchConditions": [{"name": "named", "expression": "object.metadata.name.startsWith('checked')"}],
            "variables": [
              {"name": "key", "expression": "object.data.key"},
              {"name": "isBad", "expression": "variables.key == 'bad'"}],
            "validations": [{"expression": "!variables.isBad"}, {"expression": "variables.key.size() < 6"}]
            """);

        await UntilAsync(() => TryAsync("checked-marker", "bad"), answer => answer.Code != HttpStatusCode.Created);

        (await TryAsync("other", "bad")).Expect(HttpStatusCode.Created);
        (await TryAsync("checked", "value")).Expect(HttpStatusCode.Created);
        var denied = (await TryAsync("checked", "too-long")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.EndsWith("denied request: failed expression: variables.key.size() < 6", denied.Text("message"));
    }

    [Theory]
    [InlineData("object.data.key ==", "Syntax error")]
    [InlineData("object.data.key", "must evaluate to bool")]
    [InlineData("params.data.key == 'a'", "undeclared reference to 'params'")]
    [InlineData("request.missing == 'a'", "undefined field 'missing'")]
    public async Task An_expression_that_can_not_be_evaluated_is_refused_when_the_policy_is_created(string expression, string why)
    {
        var refused = await Policies("validatingadmissionpolicies").CreateAsync(
            $$"""{"metadata": {"name": "{{Name}}"}, "spec": { {{Constraints}}, "validations": [{"expression": "{{expression}}"}]} }""");

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Equal("spec.validations[0].expression", refused.Text("details.causes.0.field"));
        Assert.Contains(why, refused.Text("message"));
    }

    [Fact]
    public async Task Expressions_that_do_not_fit_the_kind_are_told_in_the_status()
    {
        await using var policy = await ValidatingAsync("""
            "validations": [{"expression": "object.data.key > 1", "messageExpression": "'no ' + object.nothing"}, {"expression": "object.data.key > 'a'"}]
            """);

        var checkedPolicy = await Policies("validatingadmissionpolicies").UntilAsync(Name, obj => obj.At("status.typeChecking") is not null);

        Assert.Equal("1", checkedPolicy.Text("status.observedGeneration"));
        var warnings = checkedPolicy.At("status.typeChecking.expressionWarnings")!.AsArray();
        Assert.Equal(["spec.validations[0].expression", "spec.validations[0].messageExpression"], warnings.Select(w => w.Text("fieldRef")));
        Assert.StartsWith("/v1, Kind=ConfigMap: ERROR: <input>:1:17: found no matching overload for '_>_' applied to '(string, int)'", warnings[0].Text("warning"));
    }

    [Fact]
    public async Task A_policy_that_fits_its_kinds_has_a_status_that_says_so_and_keeps_it()
    {
        await using var policy = await ValidatingAsync(""" "validations": [{"expression": "object.data.key > 'a'"}] """);
        await policy.Policies.UntilAsync(Name, obj => obj.At("status.typeChecking") is not null);

        var patched = (await policy.Policies.PatchAsync(Name, """{"metadata": {"labels": {"a": "b"} } }""")).Expect(HttpStatusCode.OK);

        Assert.Equal("{}", patched.Body.Json("status.typeChecking"));
        Assert.Equal(("1", "1"), (patched.Text("metadata.generation"), patched.Text("status.observedGeneration")));
    }

    [Fact]
    public async Task An_apply_configuration_is_merged_into_what_is_written()
    {
        await using var policy = await MutatingAsync("""
            "patchType": "ApplyConfiguration",
            "applyConfiguration": {"expression": "Object{metadata: Object.metadata{labels: {'team': 'x'}}, data: {'added': object.data.key}}"}
            """);

        var mutated = await UntilAsync(() => TryAsync("marker", "value"), answer => answer.Text("data.added") is not null);

        mutated.Expect(HttpStatusCode.Created);
        Assert.Equal(("value", "value", "x"), (mutated.Text("data.key"), mutated.Text("data.added"), mutated.Text("metadata.labels.team")));
        var stored = (await ConfigMaps.CreateAsync(ConfigMap("stored"))).Expect(HttpStatusCode.Created);
        Assert.Equal("value", stored.Text("data.added"));
    }

    [Fact]
    public async Task A_JSON_patch_is_applied_to_what_is_written()
    {
        await using var policy = await MutatingAsync("""
            "patchType": "JSONPatch",
            "jsonPatch": {"expression": "has(object.data.extra) ? [JSONPatch{op: 'remove', path: '/data/extra'}, JSONPatch{op: 'add', path: '/data/' + jsonpatch.escapeKey('a.b'), value: 'c'}] : []"}
            """);

        var mutated = await UntilAsync(
            () => ConfigMaps.CreateAsync(ConfigMap("marker", """{"key": "value", "extra": "x"}"""), "dryRun=All"), answer => answer.At("data.extra") is null);

        Assert.Equal("""{"a.b":"c","key":"value"}""", mutated.Body.Json("data"));
        (await TryAsync("plain", "value")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_a_policy_changes_counts_as_a_change_of_the_desired_state_and_can_not_be_the_status()
    {
        (await Widgets.CreateAsync(Widget("a", """{"owner": "me", "color": "blue"}"""))).Expect(HttpStatusCode.Created);
        await using var policy = await MutatingAsync(
            """
            "patchType": "JSONPatch",
            "jsonPatch": {"expression": "[JSONPatch{op: 'add', path: '/spec/color', value: 'red'}, JSONPatch{op: 'add', path: '/status', value: {'phase': 'Ready'}}]"}
            """,
            ConstraintsOn(WidgetKind.Group, WidgetKind.Plural));
        await UntilAsync(
            () => Widgets.CreateAsync(Widget("marker", """{"owner": "me"}"""), "dryRun=All"), answer => answer.Text("spec.color") == "red");

        var patched = (await Widgets.PatchAsync("a", """{"metadata": {"labels": {"a": "b"} } }""")).Expect(HttpStatusCode.OK);

        Assert.Equal(("red", "2"), (patched.Text("spec.color"), patched.Text("metadata.generation")));
        Assert.Null(patched.At("status"));
    }

    private Collection Policies(string plural) => new(Api, $"/apis/admissionregistration.k8s.io/v1/{plural}");

    private Task<Answer> TryAsync(string name, string key) => ConfigMaps.CreateAsync(ConfigMap(name, $$"""{"key": "{{key}}"}"""), "dryRun=All");

    private Task<Policy> ValidatingAsync(string spec, string binding = """ "validationActions": ["Deny"] """) =>
        CreateAsync("validating", spec, $"{binding},");

    private Task<Policy> MutatingAsync(string mutation, string? constraints = null) =>
        CreateAsync("mutating", $$""" "reinvocationPolicy": "Never", "mutations": [{ {{mutation}} }] """, "", constraints);

    private static string ConstraintsOn(string group, string plural) => $$"""
        "matchConstraints": {"resourceRules": [
          {"apiGroups": ["{{group}}"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["{{plural}}"]}]}
        """;

    private async Task<Policy> CreateAsync(string type, string spec, string binding, string? constraints = null)
    {
        var policy = new Policy(Name, Policies($"{type}admissionpolicies"), Policies($"{type}admissionpolicybindings"));
        (await policy.Policies.CreateAsync($$"""{"metadata": {"name": "{{Name}}"}, "spec": { {{constraints ?? Constraints}}, {{spec}} } }""")).Expect(HttpStatusCode.Created);
        (await policy.Bindings.CreateAsync($$"""
            {"metadata": {"name": "{{Name}}"}, "spec": {
              "policyName": "{{Name}}", {{binding}}
              "matchResources": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "{{Namespace}}"} } } } }
            """)).Expect(HttpStatusCode.Created);
        return policy;
    }

    /// <summary>Asks until the policy is in force: some time after it was created, of which an API server tells nobody.</summary>
    private static async Task<Answer> UntilAsync(Func<Task<Answer>> ask, Func<Answer, bool> isInForce)
    {
        using var patience = new CancellationTokenSource(Longest);
        var answer = await ask();
        while (!isInForce(answer))
        {
            patience.Token.ThrowIfCancellationRequested();
            answer = await ask();
        }

        return answer;
    }

    /// <summary>A policy with its binding, until it is disposed.</summary>
    private sealed record Policy(string Name, Collection Policies, Collection Bindings) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Bindings.DeleteAsync(Name);
            await Policies.DeleteAsync(Name);
        }
    }
}
