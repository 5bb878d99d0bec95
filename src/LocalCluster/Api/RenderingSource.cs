using LocalCluster.Errors;
using LocalCluster.Schemas;
using LocalCluster.Tables;

namespace LocalCluster.Api;

/// <summary>Finds the rendering that a request asks for.</summary>
/// <param name="columns">Columns of tables.</param>
internal sealed class RenderingSource(ColumnCatalog columns)
{
    /// <summary>The rendering for a request. It is for one answer only.</summary>
    public ObjectRendering For(ResourceRequest request, Representation representation) => representation.Shape switch
    {
        ObjectShape.PartialMetadata => new PartialMetadataRendering(representation.Version),
        ObjectShape.Table => new TableRendering(request.Resource, columns.For(request.Resource), representation.Version, ReadRowObject(request)),
        _ => new WholeRendering(request.Resource),
    };

    private static RowObject ReadRowObject(ResourceRequest request) => request.Query("includeObject") switch
    {
        "" or "Metadata" => RowObject.Metadata,
        "Object" => RowObject.Object,
        "None" => RowObject.None,
        var other => throw StatusErrors.Invalid(
            "meta.k8s.io", "TableOptions", "", [FieldError.Invalid("includeObject", other, "must be 'Metadata', 'Object', 'None', or empty")]),
    };
}
