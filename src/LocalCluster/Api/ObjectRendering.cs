using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Api;

/// <summary>One page of a list.</summary>
/// <param name="Items">Objects, in list order.</param>
/// <param name="Revision">Revision that the list shows.</param>
/// <param name="Continue">Token of the next page; empty for the last.</param>
/// <param name="Remaining">Objects behind this page; null when that is not known.</param>
internal sealed record ListPage(IReadOnlyList<StoredObject> Items, long Revision, string Continue, long? Remaining)
{
    /// <summary>The <c>metadata</c> of the list.</summary>
    public string Metadata()
    {
        var next = Continue.Length > 0 ? $",\"continue\":\"{Continue}\"" : "";
        var remaining = Remaining is null ? "" : $",\"remainingItemCount\":{Remaining}";
        return $"{{\"resourceVersion\":\"{Revision}\"{next}{remaining}}}";
    }
}

/// <summary>Writes objects in the shape that the client asked for.</summary>
internal abstract class ObjectRendering
{
    /// <summary>One object: the answer to a get, or part of a watch event.</summary>
    public abstract byte[] One(StoredObject obj);

    /// <summary>An object that carries a resource version only.</summary>
    public virtual byte[] Bookmark(JsonObject bookmark) => JsonSerializer.SerializeToUtf8Bytes(bookmark);

    /// <summary>A list, in one go.</summary>
    public abstract void List(IBufferWriter<byte> output, ListPage page);

    /// <summary>Writes a list whose items are rendered one by one.</summary>
    protected void List(IBufferWriter<byte> output, ListPage page, string apiVersion, string kind)
    {
        output.Write(Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind}\",\"apiVersion\":\"{apiVersion}\",\"metadata\":{page.Metadata()},\"items\":["));
        for (var i = 0; i < page.Items.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            output.Write(One(page.Items[i]));
        }

        output.Write("]}\n"u8);
    }
}

/// <summary>Objects as they are.</summary>
/// <param name="resource">Their resource.</param>
internal sealed class WholeRendering(ApiResource resource) : ObjectRendering
{
    /// <inheritdoc/>
    public override byte[] One(StoredObject obj) => resource.Serve(obj);

    /// <inheritdoc/>
    public override void List(IBufferWriter<byte> output, ListPage page) =>
        List(output, page, resource.Type.ApiVersion, resource.ListKind);
}
