using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using LocalCluster.Schemas;

namespace LocalCluster.Tests.Schemas;

/// <summary>Objects and schemas as YAML, so that tests can be read.</summary>
internal static class Yaml
{
    public static JsonObject Object(string text) => ManifestReader.Read(text, "test")[0].Json;

    /// <summary>A definition whose only version is v1, with an OpenAPI schema.</summary>
    public static JsonObject Crd(string schema, bool hasStatus = false)
    {
        var version = new JsonObject
        {
            ["name"] = "v1",
            ["served"] = true,
            ["storage"] = true,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = Object(schema) },
        };
        if (hasStatus)
        {
            version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        }

        return new() { ["spec"] = new JsonObject { ["versions"] = new JsonArray(version) } };
    }

    /// <summary>A schema that is good.</summary>
    public static SchemaNode Schema(string schema)
    {
        var schemas = CrdSchemas.Read(Crd(schema));
        Assert.Empty(schemas.Errors);
        return schemas.ByVersion["v1"];
    }

    /// <summary>A good schema of objects whose spec has the given properties.</summary>
    public static SchemaNode SpecSchema(string properties) => Schema(Spec(properties));

    /// <summary>The OpenAPI schema of objects whose spec has the given properties.</summary>
    public static string Spec(string properties) =>
        $"""
        type: object
        properties:
          spec:
            type: object
            properties:
        {Indent(properties, 6)}
        """;

    private static string Indent(string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', spaces) + line));
}
