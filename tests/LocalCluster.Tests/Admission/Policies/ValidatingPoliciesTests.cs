using LocalCluster.Admission.Policies;
using LocalCluster.Errors;

namespace LocalCluster.Tests.Admission.Policies;

/// <summary>What ValidatingAdmissionPolicies refuse, and in which words.</summary>
public sealed class ValidatingPoliciesTests : IAsyncDisposable
{
    private const string MoreThanOne = """
        validations: [{expression: object.spec.replicas > 1}]
        """;

    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public void A_false_validation_refuses_the_request_in_the_words_of_an_API_server()
    {
        _cluster.AddValidating(MoreThanOne);

        var refusal = _cluster.Refusal(TestCluster.Deployment());

        Assert.Equal((422, "Invalid"), (refusal.Code, refusal.Reason));
        const string Why = "ValidatingAdmissionPolicy 'rule' with binding 'rule-binding' denied request: failed expression: object.spec.replicas > 1";
        Assert.Equal($"deployments.apps \"web\" is forbidden: {Why}", refusal.Message);
        Assert.Equal(Why, (string?)refusal.Details!["causes"]![0]!["message"]);
        _cluster.Admit(TestCluster.Deployment(2));
    }

    [Theory]
    [InlineData("message: too few", "too few")]
    [InlineData("messageExpression: \"'got ' + string(object.spec.replicas)\"", "got 1")]
    [InlineData("message: too few, messageExpression: \"'got ' + object.spec.replicas\"", "too few")]
    [InlineData("message: too few, messageExpression: \"'  '\"", "too few")]
    [InlineData("message: too few, messageExpression: \"'a' + '\\\\n' + 'b'\"", "too few")]
    public void What_it_says_is_the_message_expression_if_that_can_be_shown_then_the_message(string fields, string expected)
    {
        _cluster.AddValidating($$"""validations: [{expression: object.spec.replicas > 1, {{fields}}}]""");

        Assert.EndsWith($"denied request: {expected}", _cluster.Refusal(TestCluster.Deployment()).Message);
    }

    [Theory]
    [InlineData("Forbidden", 403)]
    [InlineData("RequestEntityTooLarge", 413)]
    [InlineData("Invalid", 422)]
    public void The_reason_of_a_validation_decides_on_the_code(string reason, int code)
    {
        _cluster.AddValidating($$"""validations: [{expression: object.spec.replicas > 1, reason: {{reason}}}]""");

        var refusal = _cluster.Refusal(TestCluster.Deployment());

        Assert.Equal((code, reason), (refusal.Code, refusal.Reason));
    }

    [Fact]
    public void A_binding_may_warn_instead()
    {
        _cluster.AddValidating(MoreThanOne, "validationActions: [Warn, Audit]");

        _cluster.Admit(TestCluster.Deployment());

        Assert.Equal(
            "Validation failed for ValidatingAdmissionPolicy 'rule' with binding 'rule-binding': failed expression: object.spec.replicas > 1",
            Assert.Single(_cluster.Warnings));
    }

    [Fact]
    public void Where_only_the_audit_log_is_told_the_request_passes_in_silence()
    {
        _cluster.AddValidating(MoreThanOne, "validationActions: [Audit]");

        _cluster.Admit(TestCluster.Deployment());

        Assert.Empty(_cluster.Warnings);
    }

    [Theory]
    [InlineData("object.spec.missing > 1", "expression 'object.spec.missing > 1' resulted in error: no such key: missing")]
    [InlineData("variables.broken > 1", "expression 'variables.broken > 1' resulted in error: composited variable \"broken\" fails to evaluate: no such key: missing")]
    public void What_can_not_be_evaluated_is_refused_unless_the_policy_ignores_failures(string expression, string why)
    {
        const string Broken = "variables: [{name: broken, expression: object.spec.missing}]";
        _cluster.AddValidating($$"""
            validations: [{expression: {{expression}}}]
            {{Broken}}
            """);
        _cluster.AddValidating(
            $$"""
            validations: [{expression: {{expression}}}]
            {{Broken}}
            failurePolicy: Ignore
            """,
            name: "a-lenient-one");

        var refusal = _cluster.Refusal(TestCluster.Deployment());

        Assert.EndsWith($"ValidatingAdmissionPolicy 'rule' with binding 'rule-binding' denied request: {why}", refusal.Message);
    }

    [Fact]
    public void A_false_condition_keeps_the_policy_out()
    {
        _cluster.AddValidating($$"""
            matchConditions:
            - {name: many, expression: object.spec.replicas > 100}
            - {name: broken, expression: object.spec.missing == 'x'}
            {{MoreThanOne}}
            """);

        _cluster.Admit(TestCluster.Deployment());
    }

    [Fact]
    public void A_condition_without_value_refuses_when_no_other_is_false()
    {
        _cluster.AddValidating($$"""
            matchConditions: [{name: broken, expression: object.spec.missing == 'x'}]
            {{MoreThanOne}}
            """);

        Assert.EndsWith(
            "denied request: expression 'object.spec.missing == 'x'' resulted in error: no such key: missing",
            _cluster.Refusal(TestCluster.Deployment(2)).Message);
    }

    [Fact]
    public void Variables_see_those_before_them_and_are_computed_when_they_are_asked_for()
    {
        _cluster.AddValidating("""
            variables:
            - {name: replicas, expression: object.spec.replicas}
            - {name: isOdd, expression: variables.replicas % 2 == 1}
            - {name: broken, expression: object.spec.missing}
            validations:
            - {expression: variables.replicas > 1}
            - {expression: variables.isOdd || variables.broken == 1}
            """);

        _cluster.Admit(TestCluster.Deployment(3));
        Assert.EndsWith("failed expression: variables.replicas > 1", _cluster.Refusal(TestCluster.Deployment(1)).Message);
        Assert.EndsWith("no such key: missing", _cluster.Refusal(TestCluster.Deployment(2)).Message);
    }

    [Fact]
    public void A_variable_that_comes_back_to_itself_is_an_error()
    {
        _cluster.AddValidating("""
            variables:
            - {name: a, expression: "dyn(variables).b"}
            - {name: b, expression: variables.a}
            validations: [{expression: variables.b == 1}]
            """);

        Assert.Contains("composited variable \"b\" depends on itself", _cluster.Refusal(TestCluster.Deployment()).Message);
    }

    [Theory]
    [InlineData("request.operation == 'CREATE' && oldObject == null")]
    [InlineData("request.userInfo.username == 'meera' && 'staff' in request.userInfo.groups")]
    [InlineData("request.resource.resource == 'deployments' && request.kind.kind == 'Deployment' && !has(request.subResource)")]
    [InlineData("request.name == 'web' && request.namespace == 'shop' && !request.dryRun")]
    [InlineData("namespaceObject.metadata.labels.env == 'test'")]
    [InlineData("namespaceObject.metadata.creationTimestamp < timestamp('2026-02-01T00:00:00Z')")]
    [InlineData("authorizer.group('apps').resource('deployments').namespace('shop').check('create').allowed()")]
    [InlineData("authorizer.requestResource.check('create').reason() == 'this local cluster allows everything'")]
    [InlineData("authorizer.path('/healthz').check('get').allowed() && !authorizer.serviceAccount('shop', 'a').path('/').check('get').errored()")]
    [InlineData("object.spec.template.spec.containers.all(c, c.image.endsWith(':1'))")]
    [InlineData("quantity('1Gi').isGreaterThan(quantity('1Mi'))")]
    public void Expressions_see_object_request_namespace_and_authorizer(string expression)
    {
        _cluster.AddValidating($"validations: [{{expression: \"{expression}\"}}]");

        _cluster.Admit(TestCluster.Deployment());
    }

    [Fact]
    public void An_update_shows_the_object_before_it()
    {
        _cluster.AddValidating("validations: [{expression: oldObject.spec.replicas <= object.spec.replicas, message: shrinks}]");

        _cluster.Admit(TestCluster.Deployment(3), old: TestCluster.Deployment(2));
        Assert.EndsWith("shrinks", _cluster.Refusal(TestCluster.Deployment(1), old: TestCluster.Deployment(2)).Message);
    }

    [Fact]
    public void A_deletion_has_no_object()
    {
        _cluster.AddValidating("validations: [{expression: \"request.operation != 'DELETE' || object != null || oldObject.spec.replicas == 0\"}]");

        _cluster.AdmitDeletion(TestCluster.Deployment(0));
        Assert.Throws<StatusException>(() => _cluster.AdmitDeletion(TestCluster.Deployment(1)));
    }

    [Fact]
    public void The_scale_of_an_object_is_shown_as_such()
    {
        _cluster.AddValidating("validations: [{expression: \"request.kind.kind == 'Scale' && request.subResource == 'scale' && object.kind == 'Scale' && !has(object.spec.template)\"}]");

        _cluster.Admit(TestCluster.Deployment(3), old: TestCluster.Deployment(2), subresource: "scale");
    }

    [Theory]
    [InlineData("paramRef: {name: limits, parameterNotFoundAction: Deny}", "failed expression: object.spec.replicas <= int(params.data.most)")]
    [InlineData("paramRef: {name: other, namespace: shop, parameterNotFoundAction: Deny}", "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction")]
    [InlineData("paramRef: {name: other, parameterNotFoundAction: Allow}", null)]
    [InlineData("paramRef: {selector: {matchLabels: {for: web} }, parameterNotFoundAction: Deny}", "failed expression: object.spec.replicas <= int(params.data.most)")]
    [InlineData("paramRef: {selector: {matchLabels: {for: db} }, parameterNotFoundAction: Allow}", null)]
    [InlineData("matchResources: {}", "resulted in error: no such overload")]
    public void Parameters_are_found_by_name_or_by_selector(string reference, string? refusal)
    {
        _cluster.Add("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: limits, namespace: shop, labels: {for: web} }
            data: {most: "5"}
            """);
        _cluster.AddValidating(
            """
            paramKind: {apiVersion: v1, kind: ConfigMap}
            validations: [{expression: object.spec.replicas <= int(params.data.most)}]
            """,
            $"""
            validationActions: [Deny]
            {reference}
            """);

        if (refusal is null)
        {
            _cluster.Admit(TestCluster.Deployment(6));
        }
        else
        {
            Assert.EndsWith(refusal, _cluster.Refusal(TestCluster.Deployment(6)).Message);
        }
    }

    [Fact]
    public void A_kind_of_parameters_that_is_not_served_is_the_fault_of_the_policy()
    {
        _cluster.AddValidating($$"""
            paramKind: {apiVersion: rules.example.com/v1, kind: Limit}
            {{MoreThanOne}}
            """);

        Assert.EndsWith(
            "ValidatingAdmissionPolicy 'rule' denied request: failed to configure policy: failed to find resource referenced by paramKind: "
                + "'rules.example.com/v1, Kind=Limit'",
            _cluster.Refusal(TestCluster.Deployment(2)).Message);
    }

    [Fact]
    public void An_audit_annotation_without_value_refuses_even_where_the_binding_only_warns()
    {
        _cluster.AddValidating("auditAnnotations: [{key: replicas, valueExpression: object.spec.missing.name + 'x'}]", "validationActions: [Warn]");

        Assert.EndsWith("no such key: missing", _cluster.Refusal(TestCluster.Deployment()).Message);
    }

    [Fact]
    public void A_run_that_costs_too_much_ends()
    {
        _cluster.AddValidating("""
            variables: [{name: many, expression: "[1,2,3,4,5,6,7,8,9,10]"}]
            validations:
            - expression: variables.many.all(a, variables.many.all(b, variables.many.all(c, variables.many.all(d, variables.many.all(e, variables.many.all(f, a + b + c + d + e + f > 0))))))
            """);

        Assert.EndsWith("operation cancelled: actual cost limit exceeded", _cluster.Refusal(TestCluster.Deployment()).Message);
    }

    [Theory]
    [InlineData("validationActions: [Deny]\nmatchResources: {namespaceSelector: {matchLabels: {env: prod} } }")]
    [InlineData("validationActions: [Deny]\nmatchResources: {excludeResourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}")]
    public void A_binding_narrows_down_what_a_policy_is_about(string binding)
    {
        _cluster.AddValidating(MoreThanOne, binding);

        _cluster.Admit(TestCluster.Deployment());
    }

    [Fact]
    public void A_policy_without_binding_is_not_in_force()
    {
        _cluster.Add($"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {"{"}name: rule{"}"}
            spec:
              matchConstraints: {"{"}resourceRules: [{"{"}apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]{"}"}]{"}"}
              {MoreThanOne}
            """);

        _cluster.Admit(TestCluster.Deployment());
    }

    [Fact]
    public void What_configures_admission_is_not_subject_to_it()
    {
        _cluster.AddValidating("""
            matchConstraints:
              resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}]
            validations: [{expression: "false"}]
            """);

        _cluster.Admit("""
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: other}
            spec: {policyName: other, validationActions: [Deny]}
            """);
        _cluster.Refusal(TestCluster.Deployment());
    }

    [Fact]
    public void A_policy_is_compiled_once_for_all_requests_until_it_changes()
    {
        _cluster.AddValidating(MoreThanOne);
        var compiled = 0;
        var index = new PolicyIndex(_cluster.Catalogs, PolicyKinds.ValidatingPolicies, PolicyKinds.ValidatingBindings, policy =>
        {
            compiled++;
            return PolicyReader.Read(policy);
        });
        int Concerned(string yaml) => index.Find(_cluster.Creation(yaml)).Count;

        Assert.Equal(1, Concerned(TestCluster.Deployment()));
        Assert.Equal(1, Concerned(TestCluster.Deployment()));
        Assert.Equal(0, Concerned("{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop} }"));
        Assert.Equal(1, compiled);
        _cluster.AddValidating(MoreThanOne, name: "second");
        Assert.Equal(2, Concerned(TestCluster.Deployment()));
        Assert.Equal(2, compiled);
    }
}
