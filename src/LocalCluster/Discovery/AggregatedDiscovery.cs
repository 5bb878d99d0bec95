using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Discovery;

/// <summary>Groups, versions and resources in one document, <c>apidiscovery.k8s.io/v2</c>, with a tag that changes when it does.</summary>
internal sealed class AggregatedDiscovery
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /// <param name="groups">What it describes.</param>
    public AggregatedDiscovery(IEnumerable<ApiGroup> groups)
    {
        var document = new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = "apidiscovery.k8s.io/v2",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. groups.Select(Describe)]),
        };
        Json = JsonSerializer.SerializeToUtf8Bytes(document);
        ETag = $"\"{Convert.ToHexString(SHA512.HashData(Json))}\"";
    }

    /// <summary>The document.</summary>
    public byte[] Json { get; }

    /// <summary>Its entity tag.</summary>
    public string ETag { get; }

    private static JsonObject Describe(ApiGroup group)
    {
        var metadata = new JsonObject { ["creationTimestamp"] = null };
        if (group.Name.Length > 0)
        {
            metadata["name"] = group.Name;
        }

        return new JsonObject
        {
            ["metadata"] = metadata,
            ["versions"] = new JsonArray([.. group.Versions.Select(version => new JsonObject
            {
                ["version"] = version.Version,
                ["resources"] = new JsonArray([.. version.Resources.Select(Describe)]),
                ["freshness"] = "Current",
            })]),
        };
    }

    private static JsonObject Describe(ApiResource resource)
    {
        var type = resource.Type;
        var document = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = Kind(type.Group, type.Version, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = resource.Singular,
            ["verbs"] = Texts(resource.Verbs),
        };
        if (resource.ShortNames.Count > 0)
        {
            document["shortNames"] = Texts(resource.ShortNames);
        }

        if (resource.Categories.Count > 0)
        {
            document["categories"] = Texts(resource.Categories);
        }

        if (resource.Subresources.Count > 0)
        {
            document["subresources"] = new JsonArray([.. resource.Subresources.Select(part => new JsonObject
            {
                ["subresource"] = part.Name,
                ["responseKind"] = Kind(part.Group ?? type.Group, part.Version ?? type.Version, part.Kind),
                ["verbs"] = Texts(part.Verbs),
            })]);
        }

        return document;
    }

    private static JsonObject Kind(string group, string version, string kind) =>
        new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
