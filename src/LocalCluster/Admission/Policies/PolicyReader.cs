using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Resources;

namespace LocalCluster.Admission.Policies;

/// <summary>Compiles policies. What does not compile says so; the rest of the policy is compiled nevertheless.</summary>
internal sealed class PolicyReader
{
    private readonly KubeObject _policy;
    private readonly PolicyTypes _types;
    private readonly Dictionary<string, CelType> _variables = [];
    private readonly bool _hasVariables;

    private PolicyReader(KubeObject policy, PolicyTypes? types)
    {
        _policy = policy;
        _types = types ?? new PolicyTypes(CelType.Dyn, Spec.At("paramKind") is null ? null : CelType.Dyn);
        _hasVariables = policy.Kind == "MutatingAdmissionPolicy" || Spec.Items("variables").Count > 0;
    }

    private JsonNode? Spec => _policy.Json["spec"];

    private CelEnvironment Environment => PolicyEnvironment.Of(_types, _hasVariables ? _variables : null);

    /// <summary>Compiles a policy of either kind.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="types">What its expressions are about, where that is known; null to compile them for objects of any kind.</param>
    public static AdmissionPolicy Read(KubeObject policy, PolicyTypes? types = null) => new PolicyReader(policy, types).Read();

    private AdmissionPolicy Read()
    {
        // All expressions but the conditions see the variables.
        var variables = ReadVariables();
        return new AdmissionPolicy
        {
            Name = _policy.Name,
            IgnoresFailures = Spec.Text("failurePolicy") == "Ignore",
            ParamKind = ReadParamKind(),
            Constraints = MatchCriteria.Read(Spec.At("matchConstraints")),
            MatchConditions = ReadMatchConditions(),
            Variables = variables,
            Validations = [.. Spec.Items("validations").Select(ReadValidation)],
            AuditAnnotations = [.. Spec.Items("auditAnnotations").Select(ReadAnnotation)],
            Mutations = [.. Spec.Items("mutations").Select(ReadMutation)],
            IsReinvoked = Spec.Text("reinvocationPolicy") == "IfNeeded",
        };
    }

    private KindName? ReadParamKind() =>
        Spec.At("paramKind") is { } kind ? new KindName(kind.Text("apiVersion"), kind.Text("kind")) : null;

    // The conditions decide whether the policy is concerned at all; its variables are not there yet.
    private PolicyExpression[] ReadMatchConditions() =>
    [
        .. Spec.Items("matchConditions").Select((condition, i) => PolicyExpression.Compile(
            $"spec.matchConditions[{i}].expression",
            condition.Text("expression").Trim(),
            PolicyEnvironment.Of(_types, variables: null),
            CelType.Bool)),
    ];

    private List<PolicyVariable> ReadVariables()
    {
        var read = new List<PolicyVariable>();
        foreach (var (i, variable) in Spec.Items("variables").Index())
        {
            var name = variable.Text("name");
            var expression = PolicyExpression.Compile($"spec.variables[{i}].expression", variable.Text("expression"), Environment);
            read.Add(new PolicyVariable(name, expression));
            _variables[name] = Declared(expression.Program?.ResultType ?? CelType.Dyn);
        }

        return read;
    }

    private PolicyValidation ReadValidation(JsonNode validation, int i)
    {
        var path = $"spec.validations[{i}]";
        var message = validation.Text("messageExpression");
        return new PolicyValidation(
            PolicyExpression.Compile($"{path}.expression", validation.Text("expression"), Environment, CelType.Bool),
            validation.Text("message").Trim(),
            message.Length == 0
                ? null
                : PolicyExpression.Compile(
                    $"{path}.messageExpression",
                    message,
                    PolicyEnvironment.Of(_types, _hasVariables ? _variables : null, seesAuthorizer: false),
                    CelType.String),
            validation.Text("reason") is { Length: > 0 } reason ? reason : "Invalid");
    }

    private PolicyExpression ReadAnnotation(JsonNode annotation, int i) => PolicyExpression.Compile(
        $"spec.auditAnnotations[{i}].valueExpression", annotation.Text("valueExpression").Trim(), Environment, CelType.String, CelType.Null);

    private PolicyMutation ReadMutation(JsonNode mutation, int i)
    {
        var isJsonPatch = mutation.Text("patchType") == "JSONPatch";
        var field = isJsonPatch ? "jsonPatch" : "applyConfiguration";
        return new PolicyMutation(
            PolicyExpression.Compile(
                $"spec.mutations[{i}].{field}.expression",
                mutation.Text($"{field}.expression").Trim(),
                PatchTypes.AddTo(Environment),
                isJsonPatch ? CelType.List(PatchTypes.JsonPatch) : PatchTypes.Object),
            isJsonPatch);
    }

    // Objects and types of libraries become dyn, as they do in kube-apiserver: a variable is declared by what it is made of only.
    private static CelType Declared(CelType type) => type.Kind switch
    {
        CelKind.List => CelType.List(Declared(type.Parameters[0])),
        CelKind.Map => CelType.Map(Declared(type.Parameters[0]), Declared(type.Parameters[1])),
        CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String or CelKind.Bytes or CelKind.Null
            or CelKind.Duration or CelKind.Timestamp => type,
        _ => CelType.Dyn,
    };
}
