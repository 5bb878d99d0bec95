using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Discovery;

/// <summary>What the API tells clients about itself, for one catalog of resources.</summary>
/// <param name="catalog">What is served.</param>
internal sealed class DiscoveryDocuments(ResourceCatalog catalog)
{
    /// <summary>The core group as <c>APIGroupDiscoveryList</c>.</summary>
    public AggregatedDiscovery Core { get; } = new(catalog.Groups.Where(g => g.Name.Length == 0));

    /// <summary>All named groups as <c>APIGroupDiscoveryList</c>.</summary>
    public AggregatedDiscovery Named { get; } = new(catalog.Groups.Where(g => g.Name.Length > 0));

    /// <summary>What <c>/api</c> answers.</summary>
    public static JsonObject ApiVersions(string serverAddress) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
    };

    /// <summary>What <c>/apis</c> answers.</summary>
    public JsonObject GroupList() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. catalog.Groups.Where(g => g.Name.Length > 0).Select(Describe)]),
    };

    /// <summary>What <c>/apis/GROUP</c> answers; null when there is no such group.</summary>
    public JsonObject? Group(string name)
    {
        if (catalog.Groups.FirstOrDefault(g => g.Name == name && name.Length > 0) is not { } group)
        {
            return null;
        }

        var document = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (key, value) in Describe(group).ToList())
        {
            document[key] = value?.DeepClone();
        }

        return document;
    }

    /// <summary>What <c>/apis/GROUP/VERSION</c> and <c>/api/v1</c> answer; null when that is not served.</summary>
    public JsonObject? ResourceList(string group, string version)
    {
        var served = catalog.Groups.FirstOrDefault(g => g.Name == group)?.Versions.FirstOrDefault(v => v.Version == version);
        return served is null
            ? null
            : new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["apiVersion"] = "v1",
                ["groupVersion"] = GroupVersion(group, version),
                ["resources"] = new JsonArray([.. served.Resources.SelectMany(Describe)]),
            };
    }

    private static JsonObject Describe(ApiGroup group) => new()
    {
        ["name"] = group.Name,
        ["versions"] = new JsonArray([.. group.Versions.Select(v => Describe(group, v))]),
        ["preferredVersion"] = Describe(group, group.Versions[0]),
    };

    private static JsonObject Describe(ApiGroup group, ApiGroupVersion version) => new()
    {
        ["groupVersion"] = GroupVersion(group.Name, version.Version),
        ["version"] = version.Version,
    };

    private static IEnumerable<JsonObject> Describe(ApiResource resource)
    {
        var document = new JsonObject
        {
            ["name"] = resource.Type.Plural,
            ["singularName"] = resource.Singular,
            ["namespaced"] = resource.Type.Namespaced,
            ["kind"] = resource.Type.Kind,
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

        if (resource.Verbs.Contains("list"))
        {
            document["storageVersionHash"] = StorageVersionHash(resource);
        }

        yield return document;
        foreach (var subresource in resource.Subresources)
        {
            var part = new JsonObject
            {
                ["name"] = $"{resource.Type.Plural}/{subresource.Name}",
                ["singularName"] = "",
                ["namespaced"] = resource.Type.Namespaced,
                ["kind"] = subresource.Kind,
                ["verbs"] = Texts(subresource.Verbs),
            };
            if (subresource.Group is not null)
            {
                part["group"] = subresource.Group;
                part["version"] = subresource.Version;
            }

            yield return part;
        }
    }

    // Clients compare it only: it changes when the stored version does.
    private static string StorageVersionHash(ApiResource resource) => Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{resource.Type.Group}/{resource.Type.Version}/{resource.Type.Kind}")).AsSpan(..8));

    private static string GroupVersion(string group, string version) => group.Length == 0 ? version : $"{group}/{version}";

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
