using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>The versions of a resource that the catalog serves.</summary>
/// <param name="catalog">What is served.</param>
/// <param name="resource">The resource, in any version.</param>
internal sealed class CatalogVersionViews(ResourceCatalog catalog, ApiResource resource) : IVersionViews
{
    /// <inheritdoc/>
    public SchemaNode? Schema(string apiVersion) => Find(apiVersion)?.MergeSchema;

    /// <inheritdoc/>
    public JsonObject Convert(JsonObject obj, string from, string to)
    {
        var converted = new KubeObject(obj).Clone();
        Find(from)!.Conversion.ToStored(converted);
        Find(to)!.Conversion.FromStored(converted);
        return converted.Json;
    }

    private ApiResource? Find(string apiVersion) =>
        apiVersion == resource.Type.ApiVersion ? resource : catalog.FindVersion(resource.StorageName, apiVersion);
}
