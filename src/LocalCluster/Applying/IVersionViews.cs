using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>Shows objects in the versions in which somebody owns fields of them.</summary>
internal interface IVersionViews
{
    /// <summary>The schema of a version; null when it is not served any more.</summary>
    SchemaNode? Schema(string apiVersion);

    /// <summary>An object in another version.</summary>
    /// <param name="obj">The object; it is not changed.</param>
    /// <param name="from">Version that it is in.</param>
    /// <param name="to">Version that is wanted.</param>
    JsonObject Convert(JsonObject obj, string from, string to);
}
