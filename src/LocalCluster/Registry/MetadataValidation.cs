using System.Text;
using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry;

/// <summary>What <c>metadata</c> must fulfil for every kind.</summary>
internal static class MetadataValidation
{
    private const int AnnotationBytes = 256 * 1024;

    private static readonly string[] StandardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

    /// <summary>Finds what is wrong.</summary>
    /// <param name="obj">The object.</param>
    /// <param name="old">The object that it replaces, or null.</param>
    /// <param name="resource">Its resource.</param>
    /// <param name="nameRule">Why a name can't be one of the kind; null when it can.</param>
    public static IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, ApiResource resource, Func<string, string?> nameRule)
    {
        if (old is null)
        {
            foreach (var error in ValidateName(obj, resource, nameRule))
            {
                yield return error;
            }
        }
        else
        {
            foreach (var error in ValidateChange(obj, old))
            {
                yield return error;
            }
        }

        foreach (var error in ValidateLabels(obj).Concat(ValidateAnnotations(obj)).Concat(ValidateOwners(obj)).Concat(ValidateFinalizers(obj)))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> ValidateName(KubeObject obj, ApiResource resource, Func<string, string?> nameRule)
    {
        if (obj.Name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
        }
        else if ((NameRules.PathSegment(obj.Name) ?? nameRule(obj.Name)) is { } wrong)
        {
            yield return FieldError.Invalid("metadata.name", obj.Name, wrong);
        }

        if (resource.Type.Namespaced && obj.Namespace.Length == 0)
        {
            yield return FieldError.Required("metadata.namespace");
        }
    }

    private static IEnumerable<FieldError> ValidateChange(KubeObject obj, KubeObject old)
    {
        foreach (var (name, value, before) in ((string, string, string)[])
            [("name", obj.Name, old.Name), ("namespace", obj.Namespace, old.Namespace), ("uid", obj.Uid, old.Uid)])
        {
            if (value != before)
            {
                yield return FieldError.Invalid($"metadata.{name}", value, "field is immutable");
            }
        }

        if (old.DeletionTimestamp is not null && obj.Finalizers.Except(old.Finalizers).ToList() is { Count: > 0 } added)
        {
            var list = string.Join(", ", added.Select(f => $"\"{f}\""));
            yield return FieldError.Forbidden(
                "metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{list}}}");
        }
    }

    private static IEnumerable<FieldError> ValidateLabels(KubeObject obj)
    {
        foreach (var (key, value) in obj.Labels ?? [])
        {
            if (NameRules.QualifiedName(key) is { } wrongKey)
            {
                yield return FieldError.Invalid("metadata.labels", key, wrongKey);
            }

            if (NameRules.LabelValue((string?)value ?? "") is { } wrongValue)
            {
                yield return FieldError.Invalid("metadata.labels", (string?)value, wrongValue);
            }
        }
    }

    private static IEnumerable<FieldError> ValidateAnnotations(KubeObject obj)
    {
        var bytes = 0;
        foreach (var (key, value) in obj.Annotations ?? [])
        {
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount((string?)value ?? "");
            if (NameRules.QualifiedName(key.ToLowerInvariant()) is { } wrong)
            {
                yield return FieldError.Invalid("metadata.annotations", key, wrong);
            }
        }

        if (bytes > AnnotationBytes)
        {
            yield return FieldError.TooLong("metadata.annotations", AnnotationBytes);
        }
    }

    private static IEnumerable<FieldError> ValidateOwners(KubeObject obj)
    {
        foreach (var (index, owner) in (obj.OwnerReferences ?? []).Index())
        {
            foreach (var name in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (string.IsNullOrEmpty((string?)owner![name]))
                {
                    yield return FieldError.Invalid($"metadata.ownerReferences[{index}].{name}", "", $"{name} must not be empty");
                }
            }
        }

        var controllers = (obj.OwnerReferences ?? []).Where(o => (bool?)o!["controller"] == true).Select(o => (string?)o!["name"]).ToList();
        if (controllers.Count > 1)
        {
            yield return FieldError.Invalid(
                "metadata.ownerReferences",
                obj.OwnerReferences,
                $"Only one reference can have Controller set to true. Found \"true\" in references for {controllers[0]} and {controllers[1]}");
        }
    }

    private static IEnumerable<FieldError> ValidateFinalizers(KubeObject obj)
    {
        foreach (var (index, finalizer) in obj.Finalizers.Index())
        {
            if (NameRules.QualifiedName(finalizer) is { } wrong)
            {
                yield return FieldError.Invalid($"metadata.finalizers[{index}]", finalizer, wrong);
            }
            else if (!finalizer.Contains('/') && !StandardFinalizers.Contains(finalizer))
            {
                yield return FieldError.Invalid(
                    $"metadata.finalizers[{index}]", finalizer, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }

        if (obj.Finalizers.Contains("orphan") && obj.Finalizers.Contains("foregroundDeletion"))
        {
            yield return FieldError.Invalid(
                "metadata.finalizers",
                new JsonArray([.. obj.Finalizers.Select(f => JsonValue.Create(f))]),
                "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }
}
