using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

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

    /// <summary>The schema of a custom resource, with <c>apiVersion</c>, <c>kind</c> and <c>metadata</c>.</summary>
    public static JsonObject Write(SchemaNode schema, SchemaWriter writer)
    {
        if (writer.IsOpen(schema))
        {
            return new JsonObject { ["type"] = "object" };
        }

        var json = writer.Write(schema);
        json.Remove("x-kubernetes-embedded-resource");
        json["type"] = "object";
        var properties = json.ObjectAt("properties");
        properties["apiVersion"] = Text(ApiVersionText);
        properties["kind"] = Text(KindText);
        properties["metadata"] = writer.Described($"{Meta}.ObjectMeta", MetadataText);
        return json;
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
            ["metadata"] = writer.Described($"{Meta}.ListMeta", ListMetadataText),
        },
        ["x-kubernetes-group-version-kind"] = new JsonArray(DefinitionName.GroupVersionKind(resource.Type, resource.ListKind)),
    };

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };
}
