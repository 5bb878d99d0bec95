using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Admission.Policies;

/// <summary>
/// What policies and bindings must fulfil beyond their schema (pkg/apis/admissionregistration/validation). Above all, every expression
/// must compile.
/// </summary>
internal static partial class PolicyRules
{
    private const int MaxConditions = 64;
    private const int MaxAnnotations = 20;
    private const int MaxAnnotationBytes = 5 * 1024;
    private const string NoItem = "validations or auditAnnotations must contain at least one item";

    // The words of CEL that can't be names.
    private static readonly string[] Reserved =
    [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ];

    private static readonly string[] Reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

    /// <summary>Finds what is wrong with a ValidatingAdmissionPolicy.</summary>
    public static IEnumerable<FieldError> CheckValidatingPolicy(KubeObject policy)
    {
        var spec = policy.Json["spec"];
        List<FieldError> errors = [.. CheckPolicy(spec, canDelete: true)];
        var (validations, annotations) = (spec.Items("validations"), spec.Items("auditAnnotations"));
        if (validations.Count == 0 && annotations.Count == 0)
        {
            return [.. errors, FieldError.Required("spec.validations", NoItem), FieldError.Required("spec.auditAnnotations", NoItem)];
        }

        errors.AddRange(validations.SelectMany((validation, i) => CheckValidation(validation, $"spec.validations[{i}]")));
        if (annotations.Count > MaxAnnotations)
        {
            errors.Add(FieldError.Invalid(
                "spec.auditAnnotations", spec.At("auditAnnotations"), $"must not have more than {MaxAnnotations} auditAnnotations"));
        }

        errors.AddRange(annotations.SelectMany((annotation, i) => CheckAnnotation(annotation, policy.Name, $"spec.auditAnnotations[{i}]")));
        errors.AddRange(Duplicates(annotations, "key", "spec.auditAnnotations"));
        return errors.Concat(CheckExpressions(errors, policy));
    }

    /// <summary>Finds what is wrong with a MutatingAdmissionPolicy.</summary>
    public static IEnumerable<FieldError> CheckMutatingPolicy(KubeObject policy)
    {
        var spec = policy.Json["spec"];
        List<FieldError> errors = [.. CheckPolicy(spec, canDelete: false)];
        var mutations = spec.Items("mutations");
        if (mutations.Count == 0)
        {
            errors.Add(FieldError.Required("spec.mutations", "mutations must contain at least one item"));
        }

        errors.AddRange(mutations.SelectMany((mutation, i) => CheckMutation(mutation, $"spec.mutations[{i}]")));
        if (spec.Text("reinvocationPolicy").Length == 0)
        {
            errors.Add(FieldError.Required("spec.reinvocationPolicy"));
        }

        return errors.Concat(CheckExpressions(errors, policy));
    }

    /// <summary>Finds what is wrong with a ValidatingAdmissionPolicyBinding.</summary>
    public static IEnumerable<FieldError> CheckValidatingBinding(KubeObject binding)
    {
        var actions = binding.Json.At("spec.validationActions");
        List<FieldError> errors = [.. CheckBinding(binding.Json["spec"], canDelete: true)];
        var given = binding.Json.Texts("spec.validationActions");
        errors.AddRange(given.Index().Where(action => given.Take(action.Index).Contains(action.Item))
            .Select(action => FieldError.Duplicate($"spec.validationActions[{action.Index}]", action.Item)));
        if (given.Contains("Deny") && given.Contains("Warn"))
        {
            errors.Add(FieldError.Invalid(
                "spec.validationActions",
                actions,
                "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)"));
        }

        if (given.Count == 0)
        {
            errors.Add(FieldError.Required("spec.validationActions", "at least one validation action is required"));
        }

        return errors;
    }

    /// <summary>Finds what is wrong with a MutatingAdmissionPolicyBinding.</summary>
    public static IEnumerable<FieldError> CheckMutatingBinding(KubeObject binding) => CheckBinding(binding.Json["spec"], canDelete: false);

    private static IEnumerable<FieldError> CheckPolicy(JsonNode? spec, bool canDelete)
    {
        var constraints = spec.At("matchConstraints");
        var conditions = spec.Items("matchConditions");
        var variables = spec.Items("variables");
        return
        [
            .. spec.At("paramKind") is { } kind ? CheckParamKind(kind) : [],
            .. constraints is null ? [FieldError.Required("spec.matchConstraints")] : MatchRules.Check(constraints, "spec.matchConstraints", canDelete),
            .. constraints is not null && constraints.Items("resourceRules").Count == 0
                ? [FieldError.Required("spec.matchConstraints.resourceRules")]
                : (FieldError[])[],
            .. conditions.Count > MaxConditions ? [FieldError.TooMany("spec.matchConditions", conditions.Count, MaxConditions)] : (FieldError[])[],
            .. conditions.SelectMany((condition, i) => CheckName(condition.Text("name"), $"spec.matchConditions[{i}].name")),
            .. Duplicates(conditions, "name", "spec.matchConditions"),
            .. conditions.SelectMany((condition, i) => CheckGiven(condition, "expression", $"spec.matchConditions[{i}]", "")),
            .. variables.SelectMany((variable, i) => CheckVariable(variable, $"spec.variables[{i}]")),
        ];
    }

    private static IEnumerable<FieldError> CheckBinding(JsonNode? spec, bool canDelete)
    {
        var policy = spec.Text("policyName");
        if (policy.Length == 0)
        {
            yield return FieldError.Required("spec.policyName");
        }
        else if (NameRules.Dns1123Subdomain(policy) is { } wrong)
        {
            yield return FieldError.Invalid("spec.policyName", policy, wrong);
        }

        IEnumerable<FieldError> errors =
        [
            .. spec.At("paramRef") is { } reference ? CheckParamRef(reference) : [],
            .. spec.At("matchResources") is { } resources ? MatchRules.Check(resources, "spec.matchResources", canDelete) : [],
        ];
        foreach (var error in errors)
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> CheckParamKind(JsonNode json)
    {
        var (apiVersion, kind) = (json.Text("apiVersion"), json.Text("kind"));
        var parts = apiVersion.Split('/');
        if (apiVersion.Length == 0)
        {
            yield return FieldError.Required("spec.paramKind.apiVersion");
        }
        else if (parts.Length > 2)
        {
            yield return FieldError.Invalid("spec.paramKind.apiVersion", apiVersion, $"unexpected GroupVersion string: {apiVersion}");
        }
        else if (parts.Length == 2 && NameRules.Dns1123Subdomain(parts[0]) is { } wrongGroup)
        {
            yield return FieldError.Invalid("spec.paramKind.apiVersion", parts[0], wrongGroup);
        }
        else if (NameRules.Dns1035Label(parts[^1]) is { } wrongVersion)
        {
            yield return FieldError.Invalid("spec.paramKind.apiVersion", parts[^1], wrongVersion);
        }

        if (kind.Length == 0)
        {
            yield return FieldError.Required("spec.paramKind.kind");
        }
        else if (NameRules.Dns1035Label(kind.ToLowerInvariant()) is { } wrongKind)
        {
            yield return FieldError.Invalid("spec.paramKind.kind", kind, $"may have mixed case, but should otherwise match: {wrongKind}");
        }
    }

    private static IEnumerable<FieldError> CheckParamRef(JsonNode reference)
    {
        const string Path = "spec.paramRef";
        const string Exclusive = "name and selector are mutually exclusive";
        var (name, selector, action) = (reference.Text("name"), reference.At("selector"), reference.Text("parameterNotFoundAction"));
        if (NameRules.PathSegment(name) is { } wrong)
        {
            yield return FieldError.Invalid($"{Path}.name", name, wrong);
        }

        if (selector is not null)
        {
            foreach (var error in MatchRules.CheckSelector(selector, $"{Path}.selector"))
            {
                yield return error;
            }
        }

        if (name.Length > 0 && selector is not null)
        {
            yield return FieldError.Forbidden($"{Path}.name", Exclusive);
            yield return FieldError.Forbidden($"{Path}.selector", Exclusive);
        }

        if (name.Length == 0 && selector is null)
        {
            yield return FieldError.Required(Path, "one of name or selector must be specified");
        }

        if (action.Length == 0)
        {
            yield return FieldError.Required($"{Path}.parameterNotFoundAction");
        }
        else if (action is not ("Deny" or "Allow"))
        {
            yield return FieldError.NotSupported($"{Path}.parameterNotFoundAction", action, ["Deny", "Allow"]);
        }
    }

    private static IEnumerable<FieldError> CheckVariable(JsonNode variable, string path)
    {
        var name = variable.Text("name");
        if (name.Trim().Length == 0)
        {
            yield return FieldError.Required($"{path}.name", "name is not specified");
        }
        else if (!Identifier().IsMatch(name) || Reserved.Contains(name))
        {
            yield return FieldError.Invalid($"{path}.name", name, "name is not a valid CEL identifier");
        }

        foreach (var error in CheckGiven(variable, "expression", path, "expression is not specified"))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> CheckValidation(JsonNode validation, string path)
    {
        foreach (var error in CheckGiven(validation, "expression", path, "expression is not specified"))
        {
            yield return error;
        }

        var (message, expression, reason) = (validation.Text("message"), validation.Text("messageExpression"), validation.Text("reason"));
        if (expression.Length > 0 && expression.Trim().Length == 0)
        {
            yield return FieldError.Invalid($"{path}.messageExpression", expression, "must be non-empty if specified");
        }

        if (message.Length > 0 && message.Trim().Length == 0)
        {
            yield return FieldError.Invalid($"{path}.message", message, "message must be non-empty if specified");
        }
        else if (message.Trim().AsSpan().ContainsAny('\n', '\r'))
        {
            yield return FieldError.Invalid($"{path}.message", message, "message must not contain line breaks");
        }

        if (reason.Length > 0 && !Reasons.Contains(reason))
        {
            yield return FieldError.NotSupported($"{path}.reason", reason, Reasons);
        }
    }

    private static IEnumerable<FieldError> CheckAnnotation(JsonNode annotation, string policy, string path)
    {
        var key = annotation.Text("key");
        if (NameRules.QualifiedName($"{policy}/{key}") is { } wrong)
        {
            yield return FieldError.Invalid($"{path}.key", $"{policy}/{key}", wrong);
        }

        foreach (var error in CheckGiven(annotation, "valueExpression", path, "valueExpression is not specified"))
        {
            yield return error;
        }

        if (Encoding.UTF8.GetByteCount(annotation.Text("valueExpression").Trim()) > MaxAnnotationBytes)
        {
            yield return FieldError.Required($"{path}.valueExpression", $"must not exceed {MaxAnnotationBytes} bytes in length");
        }
    }

    private static IEnumerable<FieldError> CheckMutation(JsonNode mutation, string path)
    {
        var type = mutation.Text("patchType");
        if (type is not ("ApplyConfiguration" or "JSONPatch"))
        {
            return type.Length == 0 ? [FieldError.Required($"{path}.patchType")] : [];
        }

        var (field, other) = type == "JSONPatch" ? ("jsonPatch", "applyConfiguration") : ("applyConfiguration", "jsonPatch");
        return
        [
            .. mutation.At(field) is { } patch
                ? CheckGiven(patch, "expression", $"{path}.{field}", "")
                : [FieldError.Required($"{path}.{field}", $"must be specified when patchType is {type}")],
            .. mutation.At(other) is not null
                ? [FieldError.Invalid($"{path}.{other}", $"{{{other}}}", $"must not be specified when patchType is {type}")]
                : (FieldError[])[],
        ];
    }

    private static IEnumerable<FieldError> CheckName(string name, string path)
    {
        if (name.Length == 0)
        {
            yield return FieldError.Required(path);
        }
        else if (NameRules.QualifiedName(name) is { } wrong)
        {
            yield return FieldError.Invalid(path, name, wrong);
        }
    }

    private static IEnumerable<FieldError> CheckGiven(JsonNode json, string field, string path, string detail)
    {
        if (json.Text(field).Trim().Length == 0)
        {
            yield return FieldError.Required($"{path}.{field}", detail);
        }
    }

    private static IEnumerable<FieldError> Duplicates(IReadOnlyList<JsonNode> items, string field, string path)
    {
        var seen = new HashSet<string>();
        return items.Index().Where(item => item.Item.Text(field).Length > 0 && !seen.Add(item.Item.Text(field)))
            .Select(item => FieldError.Duplicate($"{path}[{item.Index}].{field}", item.Item.Text(field)));
    }

    // What is not there, or too long, is reported already.
    private static IEnumerable<FieldError> CheckExpressions(IReadOnlyList<FieldError> known, KubeObject policy)
    {
        // Rules and selectors that are malformed can't be read.
        if (known.Any(error => error.Field.StartsWith("spec.matchConstraints", StringComparison.Ordinal)))
        {
            return [];
        }

        return PolicyReader.Read(policy).Expressions.Where(expression => expression.Error is not null && known.All(error => error.Field != expression.Path))
            .Select(expression => FieldError.Invalid(expression.Path, expression.Text, expression.Error!));
    }

    [GeneratedRegex(@"^[_a-zA-Z][_a-zA-Z0-9]*\z", RegexOptions.None, 1000)]
    private static partial Regex Identifier();
}
