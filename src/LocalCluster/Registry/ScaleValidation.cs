using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry;

/// <summary>What custom resources must fulfil so that their <c>scale</c> subresource can show them, whatever their schema says.</summary>
internal static class ScaleValidation
{
    /// <summary>Finds what is wrong; nothing in kinds of Kubernetes itself.</summary>
    public static IEnumerable<FieldError> Validate(KubeObject obj, ApiResource resource) =>
        resource is { IsCustom: true, Scale: { } scale }
            ? [.. ValidateReplicas(obj.Json, scale.SpecReplicas), .. ValidateReplicas(obj.Json, scale.StatusReplicas)]
            : [];

    // The path is shown as a CustomResourceDefinition writes it, with a dot before it.
    private static IEnumerable<FieldError> ValidateReplicas(JsonObject obj, IReadOnlyList<string> path)
    {
        var value = path.Aggregate((JsonNode?)obj, (node, step) => (node as JsonObject)?[step]);
        if (value is JsonValue number && number.TryGetValue<long>(out var replicas) && replicas is < 0 or > int.MaxValue)
        {
            var bound = replicas < 0 ? "should be a non-negative integer" : $"should be less than or equal to {int.MaxValue}";
            yield return FieldError.Invalid($".{string.Join('.', path)}", replicas, bound);
        }
    }
}
