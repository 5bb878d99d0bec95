using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Selectors;

namespace LocalCluster.Admission.Policies;

/// <summary>What the <c>MatchResources</c> of a policy or a binding must fulfil beyond their schema.</summary>
internal static class MatchRules
{
    private const string Any = "*";

    /// <summary>Finds what is wrong.</summary>
    /// <param name="resources">The MatchResources.</param>
    /// <param name="path">Their path.</param>
    /// <param name="canDelete">False where deletions can't be meant, because they leave nothing to change.</param>
    public static IEnumerable<FieldError> Check(JsonNode resources, string path, bool canDelete)
    {
        List<FieldError> errors = [];
        foreach (var selector in (ReadOnlySpan<string>)["namespaceSelector", "objectSelector"])
        {
            errors.AddRange(resources.At(selector) is { } json ? CheckSelector(json, $"{path}.{selector}") : []);
        }

        foreach (var list in (ReadOnlySpan<string>)["resourceRules", "excludeResourceRules"])
        {
            errors.AddRange(resources.Items(list).SelectMany((rule, i) => CheckRule(rule, $"{path}.{list}[{i}]")));
        }

        errors.AddRange(resources.Items("resourceRules").SelectMany((rule, i) => CheckActions(rule, $"{path}.resourceRules[{i}]")));
        if (!canDelete && resources.Items("resourceRules").SelectMany(rule => rule.Texts("operations")).Contains("DELETE"))
        {
            errors.Add(FieldError.NotSupported($"{path}.resourceRules.operations", "DELETE", [Any, "CONNECT", "CREATE", "UPDATE"]));
        }

        return errors;
    }

    /// <summary>Finds what is wrong with a label selector.</summary>
    public static IEnumerable<FieldError> CheckSelector(JsonNode selector, string path)
    {
        foreach (var (key, value) in selector.At("matchLabels") as JsonObject ?? [])
        {
            if (NameRules.QualifiedName(key) is { } wrongKey)
            {
                yield return FieldError.Invalid($"{path}.matchLabels", key, wrongKey);
            }

            if (NameRules.LabelValue((string?)value ?? "") is { } wrongValue)
            {
                yield return FieldError.Invalid($"{path}.matchLabels[{key}]", value, wrongValue);
            }
        }

        foreach (var (i, expression) in selector.Items("matchExpressions").Index())
        {
            foreach (var error in CheckRequirement(expression, $"{path}.matchExpressions[{i}]"))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> CheckRequirement(JsonNode requirement, string path)
    {
        var (key, values) = (requirement.Text("key"), requirement.Texts("values"));
        var isKnown = Enum.TryParse<LabelOperator>(requirement.Text("operator"), out var comparison)
            && comparison is not (LabelOperator.Gt or LabelOperator.Lt);
        if (!isKnown)
        {
            yield return FieldError.Invalid($"{path}.operator", requirement.Text("operator"), "not a valid selector operator");
        }
        else if (comparison is LabelOperator.In or LabelOperator.NotIn && values.Count == 0)
        {
            yield return FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
        }
        else if (comparison is LabelOperator.Exists or LabelOperator.DoesNotExist && values.Count > 0)
        {
            yield return FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }

        if (NameRules.QualifiedName(key) is { } wrongKey)
        {
            yield return FieldError.Invalid($"{path}.key", key, wrongKey);
        }

        foreach (var (i, value) in values.Index())
        {
            if (NameRules.LabelValue(value) is { } wrongValue)
            {
                yield return FieldError.Invalid($"{path}.values[{i}]", value, wrongValue);
            }
        }
    }

    private static IEnumerable<FieldError> CheckRule(JsonNode rule, string path)
    {
        var names = rule.Texts("resourceNames");
        foreach (var (i, name) in names.Index())
        {
            if (NameRules.PathSegment(name) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}.resourceNames[{i}]", name, wrong);
            }

            if (names.Take(i).Contains(name))
            {
                yield return FieldError.Duplicate($"{path}.resourceNames[{i}]", name);
            }
        }

        foreach (var (list, others) in ((string, string)[])[("operations", "operations"), ("apiGroups", "API groups"), ("apiVersions", "API versions")])
        {
            var texts = rule.Texts(list);
            if (texts.Count == 0)
            {
                yield return FieldError.Required($"{path}.{list}");
            }
            else if (texts.Count > 1 && texts.Contains(Any))
            {
                yield return FieldError.Invalid($"{path}.{list}", rule.At(list), $"if '*' is present, must not specify other {others}");
            }
        }

        foreach (var error in CheckResources(rule, $"{path}.resources"))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> CheckResources(JsonNode rule, string path)
    {
        var resources = rule.Texts("resources");
        if (resources.Count == 0)
        {
            yield return FieldError.Required(path);
        }

        foreach (var (i, text) in resources.Index())
        {
            var (resource, subresource) = ResourceRule.Split(text);
            if (text.Length == 0)
            {
                yield return FieldError.Required($"{path}[{i}]");
            }
            else if (subresource.Length > 0 && resources.Take(i).FirstOrDefault(before => before == $"{resource}/*" || before == $"*/{subresource}") is { } wider)
            {
                yield return FieldError.Invalid($"{path}[{i}]", text, $"if '{wider}' is present, must not specify {text}");
            }
        }

        if (resources.Count > 1 && resources.Contains("*/*"))
        {
            yield return FieldError.Invalid(path, rule.At("resources"), "if '*/*' is present, must not specify other resources");
        }

        if (resources.Contains(Any) && resources.Any(resource => resource != Any && !resource.Contains('/', StringComparison.Ordinal)))
        {
            yield return FieldError.Invalid(path, rule.At("resources"), "if '*' is present, must not specify other resources without subresources");
        }
    }

    /// <summary>
    /// Finds the resources that are an action or a question, such as <c>pods/eviction</c>. Nothing is stored under their path, and they
    /// are answered here without asking policies: who names one must be told. Wildcards mean objects.
    /// </summary>
    private static IEnumerable<FieldError> CheckActions(JsonNode rule, string path)
    {
        var served = BuiltInResources.Groups.Where(group => rule.Texts("apiGroups").Contains(group.Name))
            .SelectMany(group => group.Versions).SelectMany(version => version.Resources).ToList();
        foreach (var (i, text) in rule.Texts("resources").Index())
        {
            var (plural, subresource) = ResourceRule.Split(text);
            var verbs = served.Find(resource => resource.Type.Plural == plural) is { } resource
                ? subresource.Length == 0 ? resource.Verbs : resource.Subresource(subresource)?.Verbs
                : null;
            if (verbs == ApiVerbs.CreateOnly)
            {
                yield return FieldError.Invalid($"{path}.resources[{i}]", text, "this local cluster does not evaluate admission policies for it");
            }
        }
    }
}
