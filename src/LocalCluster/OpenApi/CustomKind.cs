using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.OpenApi;

/// <summary>What every kind has and schemas of custom resources leave out.</summary>
internal static class CustomKind
{
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private const string ApiVersionText =
        "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the "
        + "latest internal value, and may reject unrecognized values. More info: "
        + "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";

    private const string KindText =
        "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client "
        + "submits requests to. Cannot be updated. In CamelCase. More info: "
        + "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

    private const string MetadataText =
        "Standard object's metadata. More info: "
        + "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    private const string ListMetadataText =
        "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

    /// <summary>Adds <c>apiVersion</c>, <c>kind</c> and <c>metadata</c> to the schema of a custom resource.</summary>
    public static void Complete(JsonObject schema, SchemaWriter writer)
    {
        if (schema["properties"] is not JsonObject properties)
        {
            properties = [];
            schema["properties"] = properties;
        }

        schema["type"] = "object";
        properties["apiVersion"] = Text(ApiVersionText);
        properties["kind"] = Text(KindText);
        properties["metadata"] = Described(writer.Reference($"{Meta}.ObjectMeta"), MetadataText);
    }

    /// <summary>The schema of the lists of a kind.</summary>
    public static JsonObject List(ApiResource resource, SchemaWriter writer) => new()
    {
        ["description"] = $"{resource.ListKind} is a list of {resource.Type.Kind}",
        ["type"] = "object",
        ["required"] = new JsonArray("items"),
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = Text(ApiVersionText),
            ["items"] = new JsonObject
            {
                ["description"] = $"List of {resource.Type.Plural}. More info: "
                    + "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md",
                ["type"] = "array",
                ["items"] = writer.Reference(DefinitionName.Of(resource)),
            },
            ["kind"] = Text(KindText),
            ["metadata"] = Described(writer.Reference($"{Meta}.ListMeta"), ListMetadataText),
        },
        ["x-kubernetes-group-version-kind"] = new JsonArray(DefinitionName.GroupVersionKind(resource.Type, resource.ListKind)),
    };

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };

    private static JsonObject Described(JsonObject reference, string description) =>
        new() { ["description"] = description, ["allOf"] = new JsonArray(reference) };
}
