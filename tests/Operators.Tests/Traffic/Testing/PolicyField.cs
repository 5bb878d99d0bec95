using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;

namespace Operators.Tests.Traffic.Testing;

/// <summary>A field of a policy that holds a value: a scalar, a list of scalars, or a JSON Schema.</summary>
/// <param name="Kind">Kind of policy.</param>
/// <param name="Path">Path without places in lists, such as <c>spec.routes.matches.path.type</c>.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Descriptions">What the CRD says of it, and then of each field above it.</param>
internal sealed record PolicyField(string Kind, string Path, JsonObject Schema, IReadOnlyList<string> Descriptions)
{
    /// <summary>Which services a policy is for is not a matter of providers.</summary>
    private static readonly string[] Attachment = ["targetRefs", "targetSelectors"];

    private static readonly Dictionary<string, JsonObject> Schemas = PolicySet.Kinds.ToDictionary(kind => kind, ReadSpecSchema);

    /// <summary>Every such field of the three kinds, read from the CRDs.</summary>
    public static IReadOnlyList<PolicyField> All { get; } = [.. PolicySet.Kinds.SelectMany(kind => Below(kind, "spec", SpecSchema(kind), []))];

    /// <summary>Schema of the spec of a kind, without what attaches a policy.</summary>
    public static JsonObject SpecSchema(string kind) => Schemas[kind];

    /// <summary>True for a field of which a value is set here.</summary>
    public static bool IsValue(JsonObject schema) => schema["properties"] is null && (schema["items"] as JsonObject)?["properties"] is null;

    private static IEnumerable<PolicyField> Below(string kind, string path, JsonObject schema, IReadOnlyList<string> above)
    {
        IReadOnlyList<string> descriptions = [(string?)schema["description"] ?? "", .. above];
        if (IsValue(schema))
        {
            return [new(kind, path, schema, descriptions)];
        }

        var properties = (schema["properties"] ?? schema["items"]!["properties"])!.AsObject();
        return properties.SelectMany(property => Below(kind, $"{path}.{property.Key}", property.Value!.AsObject(), descriptions));
    }

    private static JsonObject ReadSpecSchema(string kind)
    {
        var path = System.IO.Path.Combine(AppContext.BaseDirectory, "crds", $"{kind[..^1].ToLowerInvariant()}ies.yaml");
        var crd = Assert.Single(ManifestReader.Read(File.ReadAllText(path), path)).Json;
        var spec = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.DeepClone().AsObject();
        foreach (var name in Attachment)
        {
            spec["properties"]!.AsObject().Remove(name);
        }

        return spec;
    }
}
