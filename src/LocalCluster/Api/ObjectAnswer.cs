using System.Text.Json;
using LocalCluster.Storage;
using LocalCluster.Resources;

namespace LocalCluster.Api;

/// <summary>Answers with one object, in the view of the request's path and in the shape that the client asked for.</summary>
/// <param name="renderings">Shapes of objects.</param>
internal sealed class ObjectAnswer(RenderingSource renderings)
{
    /// <summary>Writes the answer.</summary>
    public Task WriteAsync(ResourceRequest request, Representation representation, int code, StoredObject stored)
    {
        request.Answered = stored;
        return ResponseBody.WriteAsync(request.Http, representation, code, Render(request, representation, stored));
    }

    private byte[] Render(ResourceRequest request, Representation representation, StoredObject stored)
    {
        if (request.View.Shape != request.Resource)
        {
            return JsonSerializer.SerializeToUtf8Bytes(request.View.Show(request.Resource.Read(stored)).Json);
        }

        if (stored.ResourceVersion > 0)
        {
            return renderings.For(request, representation).One(stored);
        }

        // The result of a dry run: it was never stored and has no version.
        var obj = request.Resource.Read(stored);
        obj.ResourceVersion = "";
        return JsonSerializer.SerializeToUtf8Bytes(obj.Json);
    }
}
