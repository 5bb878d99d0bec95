using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.OpenApi;

/// <summary>A document with a tag that changes when it does.</summary>
/// <param name="Json">The document.</param>
/// <param name="Hash">Its hash, in hexadecimal digits.</param>
internal sealed record TaggedDocument(byte[] Json, string Hash)
{
    /// <summary>Serialises and hashes a document.</summary>
    public static TaggedDocument Of(JsonObject document)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(document);
        return new TaggedDocument(json, Convert.ToHexString(SHA512.HashData(json)));
    }
}

/// <summary>The OpenAPI documents of one catalog. Each is built when it is first asked for.</summary>
/// <param name="catalog">What is served.</param>
internal sealed class OpenApiDocuments(ResourceCatalog catalog)
{
    private const string MetaDefinitions = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private readonly ConcurrentDictionary<string, TaggedDocument> _groupVersions = new();
    private readonly Lazy<TaggedDocument> _index = new(() => Index(catalog));
    private readonly Lazy<TaggedDocument> _v2 = new(() => TaggedDocument.Of(BuildV2(catalog)));

    /// <summary>What <c>/openapi/v3</c> answers.</summary>
    public TaggedDocument V3Index => _index.Value;

    /// <summary>What <c>/openapi/v2</c> answers.</summary>
    public TaggedDocument V2 => _v2.Value;

    /// <summary>The document of a version of a group, such as <c>apis/apps/v1</c>; null when it is not served.</summary>
    public TaggedDocument? V3(string path) => Find(catalog, path) is not { } found
        ? null
        : _groupVersions.GetOrAdd(path, static (_, resources) => TaggedDocument.Of(BuildV3(resources)), found);

    private static IReadOnlyList<ApiResource>? Find(ResourceCatalog catalog, string path) => catalog.Groups
        .SelectMany(g => g.Versions.Select(v => (Path: Path(g, v), v.Resources)))
        .Where(v => v.Path == path).Select(v => v.Resources).FirstOrDefault();

    private static string Path(ApiGroup group, ApiGroupVersion version) =>
        group.Name.Length == 0 ? $"api/{version.Version}" : $"apis/{group.Name}/{version.Version}";

    // The tag of a group's document must change when its resources do; to build all documents for it would take seconds.
    private static TaggedDocument Index(ResourceCatalog catalog)
    {
        var paths = new JsonObject();
        foreach (var (group, version) in catalog.Groups.SelectMany(g => g.Versions.Select(v => (g, v))))
        {
            var path = Path(group, version);
            var hash = Convert.ToHexString(SHA512.HashData(JsonSerializer.SerializeToUtf8Bytes(
                version.Resources.Select(r => $"{r.StorageName} {r.SchemaRevision} {string.Join(',', r.Verbs)}"))));
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
        }

        return TaggedDocument.Of(new JsonObject { ["paths"] = paths });
    }

    private static JsonObject BuildV3(IReadOnlyList<ApiResource> resources)
    {
        var (paths, schemas) = Build(OpenApiVersion.V3, resources);
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = Info(),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject BuildV2(ResourceCatalog catalog)
    {
        var (paths, definitions) = Build(OpenApiVersion.V2, [.. catalog.Groups.SelectMany(g => g.Versions).SelectMany(v => v.Resources)]);
        return new JsonObject { ["swagger"] = "2.0", ["info"] = Info(), ["paths"] = paths, ["definitions"] = definitions };
    }

    private static (JsonObject Paths, JsonObject Definitions) Build(OpenApiVersion version, IReadOnlyList<ApiResource> resources)
    {
        var writer = new SchemaWriter(version);
        var operations = new OpenApiPaths(version, writer);
        var (paths, definitions) = (new JsonObject(), new JsonObject());
        foreach (var resource in resources)
        {
            operations.Add(paths, resource);
            AddKind(definitions, writer, resource);
        }

        writer.Reference($"{MetaDefinitions}.DeleteOptions");
        writer.Reference($"{MetaDefinitions}.Status");
        writer.WriteDefinitions(definitions);
        return (paths, definitions);
    }

    private static void AddKind(JsonObject definitions, SchemaWriter writer, ApiResource resource)
    {
        var name = DefinitionName.Of(resource);
        if (!definitions.ContainsKey(name))
        {
            var schema = writer.Write(resource.Schema.Value);
            if (resource.IsCustom)
            {
                CustomKind.Complete(schema, writer);
            }

            schema["x-kubernetes-group-version-kind"] = new JsonArray(DefinitionName.GroupVersionKind(resource.Type, resource.Type.Kind));
            definitions[name] = schema;
        }

        if (resource.Verbs.Contains("list"))
        {
            definitions[DefinitionName.OfList(resource)] = CustomKind.List(resource, writer);
        }
    }

    private static JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = "v1.36.2" };
}
