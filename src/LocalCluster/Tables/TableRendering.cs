using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Api;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Tables;

/// <summary>What each row of a table carries beside its cells.</summary>
internal enum RowObject
{
    /// <summary>The object's metadata.</summary>
    Metadata,

    /// <summary>The whole object.</summary>
    Object,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>Objects as rows of a table.</summary>
/// <param name="resource">Their resource.</param>
/// <param name="columns">Columns after the one with the name.</param>
/// <param name="version">Version of <c>meta.k8s.io</c>.</param>
/// <param name="rowObject">What each row carries.</param>
internal sealed class TableRendering(ApiResource resource, IReadOnlyList<TableColumn> columns, string version, RowObject rowObject) : ObjectRendering
{
    private readonly IReadOnlyList<TableColumn> _columns = HasName(columns) ? columns : [TableColumn.ObjectName, .. columns];
    private readonly PartialMetadataRendering _metadata = new(version);
    private bool _definitionsSent;

    /// <summary>A table of one row. In a watch only the first one tells the columns.</summary>
    public override byte[] One(StoredObject obj)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, new ListPage([obj], obj.ResourceVersion, "", null), definitions: !_definitionsSent);
        _definitionsSent = true;
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override void List(IBufferWriter<byte> output, ListPage page) => Write(output, page, definitions: true);

    /// <inheritdoc/>
    public override byte[] Bookmark(JsonObject bookmark)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. _columns.Select(_ => (JsonNode?)null)]), ["object"] = bookmark };
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = $"meta.k8s.io/{version}",
            ["metadata"] = new JsonObject { ["resourceVersion"] = bookmark["metadata"]!["resourceVersion"]!.DeepClone() },
            ["columnDefinitions"] = null,
            ["rows"] = new JsonArray(row),
        });
    }

    private static bool HasName(IReadOnlyList<TableColumn> columns) => columns is [{ Format: "name" }, ..];

    private void Write(IBufferWriter<byte> output, ListPage page, bool definitions)
    {
        var head = definitions ? new JsonArray([.. _columns.Select(c => c.ToJson())]).ToJsonString() : "null";
        output.Write(Encoding.UTF8.GetBytes(
            $"{{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/{version}\",\"metadata\":{page.Metadata()},\"columnDefinitions\":{head},\"rows\":["));
        for (var i = 0; i < page.Items.Count; i++)
        {
            output.Write(i == 0 ? ""u8 : ","u8);
            WriteRow(output, page.Items[i]);
        }

        output.Write("]}"u8);
    }

    private void WriteRow(IBufferWriter<byte> output, StoredObject stored)
    {
        var obj = resource.IsCustom ? resource.Read(stored) : resource.ReadStored(stored);
        var cells = new JsonArray([.. _columns.Select(c => c.Cell(obj))]);
        output.Write("{\"cells\":"u8);
        output.Write(JsonSerializer.SerializeToUtf8Bytes(cells));
        if (Finished(obj) is { } condition)
        {
            output.Write(Encoding.UTF8.GetBytes($",\"conditions\":[{condition}]"));
        }

        if (rowObject != RowObject.None)
        {
            output.Write(",\"object\":"u8);
            output.Write(rowObject == RowObject.Object ? resource.Serve(stored) : _metadata.One(stored));
        }

        output.Write("}"u8);
    }

    // kubectl greys out rows of pods that are done.
    private string? Finished(KubeObject obj) => resource.StorageName != "pods" ? null : obj.Json.Text("status.phase") switch
    {
        "Succeeded" => """{"type":"Completed","status":"True","reason":"Succeeded","message":"The pod has completed successfully."}""",
        "Failed" => """{"type":"Completed","status":"True","reason":"Failed","message":"The pod failed."}""",
        _ => null,
    };
}
