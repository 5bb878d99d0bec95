using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Selectors;
using LocalCluster.Storage;

namespace LocalCluster.Api;

/// <summary>The events of one watch, as they are written to the client: one JSON object a line.</summary>
/// <param name="output">The answer.</param>
/// <param name="rendering">Shape of the objects.</param>
/// <param name="selector">Which objects the client wants to see.</param>
internal sealed class WatchStream(PipeWriter output, ObjectRendering rendering, ObjectSelector selector)
{
    /// <summary>An object that existed when the watch began.</summary>
    public void Existing(StoredObject obj)
    {
        if (selector.Matches(obj))
        {
            Write("ADDED"u8, rendering.One(obj));
        }
    }

    /// <summary>A change. To the client an object that begins to match appears, and one that ceases to match disappears.</summary>
    public void Change(WatchEvent change)
    {
        var matched = change.Previous is { } previous && selector.Matches(previous);
        var matches = change.Type != WatchEventType.Deleted && selector.Matches(change.Object);
        switch (matched, matches)
        {
            case (false, true):
                Write("ADDED"u8, rendering.One(change.Object));
                break;
            case (true, true):
                Write("MODIFIED"u8, rendering.One(change.Object));
                break;
            case (true, false):
                // Its last state that the client knows, at the revision at which it went.
                var last = change.Type == WatchEventType.Deleted ? change.Object : change.Previous!.WithResourceVersion(change.Revision);
                Write("DELETED"u8, rendering.One(last));
                break;
        }
    }

    /// <summary>Tells the client that it has seen everything up to a revision.</summary>
    public void Bookmark(ApiResource resource, long revision, string? annotation)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (annotation is not null)
        {
            metadata["annotations"] = new JsonObject { [annotation] = "true" };
        }

        var bookmark = new JsonObject { ["kind"] = resource.Type.Kind, ["apiVersion"] = resource.Type.ApiVersion, ["metadata"] = metadata };
        Write("BOOKMARK"u8, rendering.Bookmark(bookmark));
    }

    /// <summary>Tells the client why the watch ends.</summary>
    public void Error(StatusException error) => Write("ERROR"u8, JsonSerializer.SerializeToUtf8Bytes(error.ToStatus()));

    /// <summary>Sends what was written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    private void Write(ReadOnlySpan<byte> type, byte[] obj)
    {
        output.Write("{\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"object\":"u8);
        output.Write(obj);
        output.Write("}\n"u8);
    }
}
