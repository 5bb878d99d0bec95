using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Tables;

namespace LocalCluster.Registry.Strategies;

/// <summary>What a CustomResourceDefinition must fulfil apart from the schemas in it.</summary>
internal static class CustomResourceDefinitionValidation
{
    private const string ApprovedAnnotation = "api-approved.kubernetes.io";

    /// <summary>Finds what is wrong.</summary>
    public static IEnumerable<FieldError> Validate(KubeObject definition, KubeObject? old) =>
        ValidateNames(definition).Concat(ValidateVersions(definition)).Concat(ValidateConversion(definition))
            .Concat(old is null ? ValidateApproval(definition) : ValidateChange(definition, old));

    private static IEnumerable<FieldError> ValidateNames(KubeObject definition)
    {
        var (group, plural) = (definition.Json.Text("spec.group"), definition.Json.Text("spec.names.plural"));
        if (definition.Name != $"{plural}.{group}")
        {
            yield return FieldError.Invalid("metadata.name", definition.Name, "must be spec.names.plural+\".\"+spec.group");
        }

        if (NameRules.Dns1123Subdomain(group) is { } wrongGroup)
        {
            yield return FieldError.Invalid("spec.group", group, wrongGroup);
        }
        else if (!group.Contains('.'))
        {
            yield return FieldError.Invalid("spec.group", group, "should be a domain with at least one dot");
        }

        foreach (var name in (string[])["plural", "singular", "kind", "listKind"])
        {
            var text = definition.Json.Text($"spec.names.{name}");
            if (NameRules.Dns1035Label(text.ToLowerInvariant()) is { } wrong)
            {
                yield return FieldError.Invalid(
                    $"spec.names.{name}", text, name is "kind" or "listKind" ? $"may have mixed case, but should otherwise match: {wrong}" : wrong);
            }
        }

        foreach (var (index, name) in definition.Json.Items("spec.names.shortNames").Concat(definition.Json.Items("spec.names.categories")).Index())
        {
            if (NameRules.Dns1035Label((string)name!) is { } wrong)
            {
                yield return FieldError.Invalid($"spec.names.shortNames[{index}]", name, wrong);
            }
        }

        if (definition.Json.Text("spec.names.kind") == definition.Json.Text("spec.names.listKind"))
        {
            yield return FieldError.Invalid("spec.names.listKind", definition.Json.At("spec.names.listKind"), "kind and listKind may not be the same");
        }
    }

    private static IEnumerable<FieldError> ValidateVersions(KubeObject definition)
    {
        var versions = definition.Json.Items("spec.versions");
        if (versions.Count == 0)
        {
            yield return FieldError.Required("spec.versions");
            yield break;
        }

        if (versions.Count(v => v.Flag("storage")) != 1)
        {
            yield return FieldError.Invalid("spec.versions", definition.Json.At("spec.versions"), "must have exactly one version marked as storage version");
        }

        if (versions.Select(v => v.Text("name")).Distinct().Count() != versions.Count)
        {
            yield return FieldError.Invalid("spec.versions", definition.Json.At("spec.versions"), "must contain unique version names");
        }

        foreach (var (index, version) in versions.Index())
        {
            var path = $"spec.versions[{index}]";
            if (NameRules.Dns1035Label(version.Text("name")) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}.name", version.Text("name"), wrong);
            }

            if (version.At("schema.openAPIV3Schema") is null)
            {
                yield return FieldError.Required($"{path}.schema.openAPIV3Schema", "schemas are required");
            }

            foreach (var error in ValidateColumns(version, path).Concat(ValidateScale(version, path)))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> ValidateColumns(JsonNode version, string path)
    {
        foreach (var (index, column) in version.Items("additionalPrinterColumns").Index())
        {
            if (column.Text("type") is var type && type is not ("integer" or "number" or "string" or "boolean" or "date"))
            {
                yield return FieldError.Invalid($"{path}.additionalPrinterColumns[{index}].type", type, "must be one of boolean,date,integer,number,string");
            }

            if (Malformed(column.Text("jsonPath")) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}.additionalPrinterColumns[{index}].jsonPath", column.Text("jsonPath"), wrong);
            }
        }

        foreach (var (index, field) in version.Items("selectableFields").Index())
        {
            if (Malformed(field.Text("jsonPath")) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}.selectableFields[{index}].jsonPath", field.Text("jsonPath"), wrong);
            }
        }
    }

    private static IEnumerable<FieldError> ValidateScale(JsonNode version, string path)
    {
        if (version.At("subresources.scale") is not { } scale)
        {
            yield break;
        }

        foreach (var (name, prefix, required) in ((string, string, bool)[])
            [("specReplicasPath", ".spec.", true), ("statusReplicasPath", ".status.", true), ("labelSelectorPath", ".s", false)])
        {
            var text = scale.Text(name);
            if (text.Length == 0 && required)
            {
                yield return FieldError.Required($"{path}.subresources.scale.{name}");
            }
            else if (text.Length > 0 && (!text.StartsWith(prefix, StringComparison.Ordinal) || text.Contains('[')))
            {
                yield return FieldError.Invalid(
                    $"{path}.subresources.scale.{name}", text, $"should be a json path under {prefix.TrimEnd('.')}");
            }
        }
    }

    private static IEnumerable<FieldError> ValidateConversion(KubeObject definition)
    {
        if (definition.Json.Text("spec.conversion.strategy") is var strategy && strategy != "None")
        {
            yield return FieldError.Invalid(
                "spec.conversion.strategy", strategy, "this local cluster calls no conversion webhooks; only None is supported");
        }

        if (definition.Json.Flag("spec.preserveUnknownFields"))
        {
            yield return FieldError.Invalid(
                "spec.preserveUnknownFields", true, "must be set to false in order to use defaults in the schema, and cannot be set to true in v1");
        }
    }

    private static IEnumerable<FieldError> ValidateChange(KubeObject definition, KubeObject old)
    {
        foreach (var path in (string[])["spec.group", "spec.names.plural", "spec.names.kind", "spec.scope"])
        {
            if (CustomResources.IsTrue(old, "Established") && definition.Json.Text(path) != old.Json.Text(path))
            {
                yield return FieldError.Invalid(path, definition.Json.At(path), "field is immutable");
            }
        }

        var names = definition.Json.Items("spec.versions").Select(v => v.Text("name")).ToHashSet();
        foreach (var (index, stored) in definition.Json.Items("status.storedVersions").Index())
        {
            if (!names.Contains((string)stored!))
            {
                yield return FieldError.Invalid($"status.storedVersions[{index}]", stored, "must appear in spec.versions");
            }
        }
    }

    private static IEnumerable<FieldError> ValidateApproval(KubeObject definition)
    {
        var group = definition.Json.Text("spec.group");
        var isProtected = group is "k8s.io" or "kubernetes.io"
            || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);
        if (isProtected && definition.Annotations?.ContainsKey(ApprovedAnnotation) != true)
        {
            yield return FieldError.Required(
                $"metadata.annotations[{ApprovedAnnotation}]",
                $"protected groups must have approval annotation \"{ApprovedAnnotation}\", see https://github.com/kubernetes/enhancements/pull/1111");
        }
    }

    private static string? Malformed(string path)
    {
        try
        {
            JsonPath.Parse(path);
            return path.StartsWith('.') ? null : "must be a simple json path starting with .";
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
