using LocalCluster.Admission.Policies;
using LocalCluster.Resources;
using LocalCluster.Tests.Schemas;

namespace LocalCluster.Tests.Admission.Policies;

/// <summary>Which policies and bindings are refused when they are created, and in which words.</summary>
public sealed class PolicyRulesTests
{
    private const string Constraints = "matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}";

    [Theory]
    [InlineData("object.spec.replicas > 1", null)]
    [InlineData("object.spec.replicas >", "spec.validations[0].expression: Invalid value: \"object.spec.replicas >\": compilation failed: ERROR: <input>:1:23: Syntax error")]
    [InlineData("object.spec.replicas", "spec.validations[0].expression: Invalid value: \"object.spec.replicas\": must evaluate to bool but got dyn")]
    [InlineData("params.data.a == 'b'", "undeclared reference to 'params'")]
    [InlineData("variables.a", "undeclared reference to 'variables'")]
    [InlineData("request.nothing == 1", "undefined field 'nothing'")]
    [InlineData("Object{} == object", "undeclared reference to 'Object'")]
    [InlineData("jsonpatch.escapeKey('a') == 'a'", "undeclared reference to")]
    [InlineData(" ", "spec.validations[0].expression: Required value: expression is not specified")]
    public void A_validation_must_compile_to_a_bool(string expression, string? error) =>
        Check(ErrorsOf($"{Constraints}\nvalidations: [{{expression: \"{expression}\"}}]"), error);

    [Theory]
    [InlineData("messageExpression: '1 + 1'", "spec.validations[0].messageExpression: Invalid value: \"1 + 1\": must evaluate to string but got int")]
    [InlineData("messageExpression: string(authorizer.path('/').check('get').allowed())", "undeclared reference to 'authorizer'")]
    [InlineData("messageExpression: '  '", "spec.validations[0].messageExpression: Invalid value: \"  \": must be non-empty if specified")]
    [InlineData("message: \"a\\nb\"", "spec.validations[0].message: Invalid value: \"a\\nb\": message must not contain line breaks")]
    [InlineData("reason: Conflict", "spec.validations[0].reason: Unsupported value: \"Conflict\": supported values: \"Forbidden\", \"Invalid\", \"RequestEntityTooLarge\"")]
    public void What_a_validation_says_must_be_sayable(string field, string error) =>
        Check(ErrorsOf($"{Constraints}\nvalidations: [{{expression: \"true\", {field}}}]"), error);

    [Theory]
    [InlineData("variables: [{name: a, expression: '1'}, {name: b, expression: variables.a + 1}]", null)]
    [InlineData("variables: [{name: b, expression: variables.a}, {name: a, expression: '1'}]", "undefined field 'a'")]
    [InlineData("variables: [{name: a, expression: '1'}, {name: b, expression: \"variables.a + 'x'\"}]", "found no matching overload for '_+_' applied to '(int, string)'")]
    [InlineData("variables: [{name: in, expression: '1'}]", "spec.variables[0].name: Invalid value: \"in\": name is not a valid CEL identifier")]
    [InlineData("matchConditions: [{name: a, expression: '1'}]", "spec.matchConditions[0].expression: Invalid value: \"1\": must evaluate to bool but got int")]
    [InlineData("matchConditions: [{name: a, expression: 'true'}, {name: a, expression: 'true'}]", "spec.matchConditions[1].name: Duplicate value: \"a\"")]
    [InlineData("auditAnnotations: [{key: a, valueExpression: '1'}]", "spec.auditAnnotations[0].valueExpression: Invalid value: \"1\": must evaluate to one of [string null] but got int")]
    [InlineData("auditAnnotations: [{key: '?', valueExpression: \"'x'\"}]", "spec.auditAnnotations[0].key: Invalid value: \"rule/?\"")]
    [InlineData("paramKind: {apiVersion: a/b/c, kind: X}", "spec.paramKind.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c")]
    public void All_other_expressions_and_names_are_held_to_their_rules(string more, string? error) =>
        Check(ErrorsOf($"{Constraints}\nvalidations: [{{expression: \"true\"}}]\n{more}"), error);

    [Theory]
    [InlineData("validations: [{expression: 'true'}]", "spec.matchConstraints: Required value")]
    [InlineData("validations: [{expression: 'true'}]\nmatchConstraints: {}", "spec.matchConstraints.resourceRules: Required value")]
    [InlineData(Constraints, "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item")]
    public void A_policy_says_what_it_is_about_and_what_it_wants(string spec, string error) => Check(ErrorsOf(spec), error);

    [Theory]
    [InlineData("apiGroups: [apps, '*'], apiVersions: [v1], operations: [CREATE], resources: [deployments]", ".apiGroups: Invalid value: [\"apps\",\"*\"]: if '*' is present, must not specify other API groups")]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: []", ".resources: Required value")]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [a/*, a/b]", ".resources[1]: Invalid value: \"a/b\": if 'a/*' is present, must not specify a/b")]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: ['*', a]", ".resources: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other resources without subresources")]
    [InlineData("apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [a], resourceNames: [x, x]", ".resourceNames[1]: Duplicate value: \"x\"")]
    [InlineData("apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods, pods/eviction]", ".resources[1]: Invalid value: \"pods/eviction\": this local cluster does not evaluate admission policies for it")]
    [InlineData("apiGroups: [authorization.k8s.io], apiVersions: [v1], operations: [CREATE], resources: [subjectaccessreviews]", "this local cluster does not evaluate admission policies for it")]
    public void Rules_of_resources_are_held_to_their_syntax_and_to_what_is_evaluated(string rule, string error) =>
        Check(ErrorsOf($"matchConstraints: {{resourceRules: [{{{rule}}}]}}\nvalidations: [{{expression: \"true\"}}]"), $"spec.matchConstraints.resourceRules[0]{(error[0] == '.' ? error : "")}", error);

    [Theory]
    [InlineData("patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}", null)]
    [InlineData("patchType: ApplyConfiguration, applyConfiguration: {expression: 'object'}", "spec.mutations[0].applyConfiguration.expression: Invalid value: \"object\": must evaluate to Object but got dyn")]
    [InlineData("patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object.spec{}'}", "must evaluate to Object but got Object.spec")]
    [InlineData("patchType: ApplyConfiguration, applyConfiguration: {expression: 'Deployment{}'}", "undeclared reference to 'Deployment'")]
    [InlineData("patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: \"test\", path: \"/a\"}]'}", null)]
    [InlineData("patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: 1, path: \"/a\"}]'}", "expected type of field 'op' is 'string' but provided type is 'int'")]
    [InlineData("patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{operation: \"add\"}]'}", "undefined field 'operation'")]
    [InlineData("patchType: JSONPatch, jsonPatch: {expression: '[1]'}", "must evaluate to list(JSONPatch) but got list(int)")]
    [InlineData("patchType: JSONPatch, applyConfiguration: {expression: 'Object{}'}", "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch")]
    [InlineData("patchType: JSONPatch, applyConfiguration: {expression: 'Object{}'}", "spec.mutations[0].applyConfiguration: Invalid value: \"{applyConfiguration}\": must not be specified when patchType is JSONPatch")]
    public void A_mutation_must_compile_to_what_it_says(string mutation, string? error) =>
        Check(MutatingErrorsOf($"{Constraints}\nreinvocationPolicy: Never\nmutations: [{{{mutation}}}]"), error);

    [Fact]
    public void A_mutating_policy_says_all_of_what_it_must()
    {
        var errors = MutatingErrorsOf("matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [DELETE], resources: [deployments]}]}");

        Check(errors, "spec.mutations: Required value: mutations must contain at least one item");
        Check(errors, "spec.reinvocationPolicy: Required value");
        Check(errors, "spec.matchConstraints.resourceRules.operations: Unsupported value: \"DELETE\": supported values: \"*\", \"CONNECT\", \"CREATE\", \"UPDATE\"");
    }

    [Theory]
    [InlineData("policyName: p\nvalidationActions: [Deny, Audit]", null)]
    [InlineData("policyName: p\nvalidationActions: [Deny, Warn]", "spec.validationActions: Invalid value: [\"Deny\",\"Warn\"]: must not contain both Deny and Warn")]
    [InlineData("policyName: p\nvalidationActions: []", "spec.validationActions: Required value: at least one validation action is required")]
    [InlineData("validationActions: [Deny]", "spec.policyName: Required value")]
    [InlineData("policyName: p\nvalidationActions: [Deny]\nparamRef: {parameterNotFoundAction: Deny}", "spec.paramRef: Required value: one of name or selector must be specified")]
    [InlineData("policyName: p\nvalidationActions: [Deny]\nparamRef: {name: a}", "spec.paramRef.parameterNotFoundAction: Required value")]
    [InlineData("policyName: p\nvalidationActions: [Deny]\nparamRef: {name: a, selector: {}, parameterNotFoundAction: Deny}", "spec.paramRef.name: Forbidden: name and selector are mutually exclusive")]
    [InlineData("policyName: p\nvalidationActions: [Deny]\nmatchResources: {objectSelector: {matchExpressions: [{key: a, operator: Near}]}}", "spec.matchResources.objectSelector.matchExpressions[0].operator: Invalid value: \"Near\": not a valid selector operator")]
    public void Bindings_are_held_to_their_rules(string spec, string? error) =>
        Check([.. PolicyRules.CheckValidatingBinding(Read("ValidatingAdmissionPolicyBinding", spec)).Select(e => e.ToString())], error);

    private static List<string> ErrorsOf(string spec) =>
        [.. PolicyRules.CheckValidatingPolicy(Read("ValidatingAdmissionPolicy", spec)).Select(e => e.ToString())];

    private static List<string> MutatingErrorsOf(string spec) =>
        [.. PolicyRules.CheckMutatingPolicy(Read("MutatingAdmissionPolicy", spec)).Select(e => e.ToString())];

    private static KubeObject Read(string kind, string spec) => new(Yaml.Object($$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: {{kind}}
        metadata: {name: rule}
        spec:
          {{spec.ReplaceLineEndings("\n  ")}}
        """));

    private static void Check(List<string> errors, params string?[] expected)
    {
        if (expected is [null])
        {
            Assert.Empty(errors);
            return;
        }

        Assert.Contains(errors, error => expected.All(part => error.Contains(part!, StringComparison.Ordinal)));
    }
}
