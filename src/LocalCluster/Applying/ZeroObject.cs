using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>
/// What a new object is compared with. A built-in kind has structures that are always there, even if nobody sets anything in them; those
/// who create an object do not own these structures themselves, only their content.
/// </summary>
internal static class ZeroObject
{
    private static readonly string[] Structures =
        ["metadata", "spec", "status", "template", "jobTemplate", "strategy", "updateStrategy", "scaleTargetRef", "involvedObject", "source"];

    /// <summary>The object with nothing set.</summary>
    public static JsonObject Of(ApiResource resource)
    {
        var zero = resource.IsCustom ? [] : Structure(resource.Schema.Value);
        zero["apiVersion"] = resource.Type.ApiVersion;
        zero["kind"] = resource.Type.Kind;
        return zero;
    }

    private static JsonObject Structure(SchemaNode schema)
    {
        var structure = new JsonObject();
        foreach (var name in Structures)
        {
            if (schema.Properties.TryGetValue(name, out var field) && field.Type == SchemaType.Object)
            {
                structure[name] = Structure(field);
            }
        }

        return structure;
    }
}
