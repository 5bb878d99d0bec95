using Microsoft.AspNetCore.Http;

namespace Gateway.Forwarding;

/// <summary>Keeps the body of a request that may have to be sent again.</summary>
internal static class BodyBuffer
{
    /// <summary>Larger bodies, and those whose length is not told, are sent once: memory of the gateway is not a caller's to take.</summary>
    public const int Most = 64 * 1024;

    /// <summary>Makes the body readable more than once; false when it is not to be kept.</summary>
    public static async ValueTask<bool> TryKeepAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var hasBody = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;
        if (!hasBody)
        {
            return !request.Headers.ContainsKey("Upgrade");
        }

        if (request.ContentLength is not { } length || length > Most)
        {
            return false;
        }

        var kept = new MemoryStream((int)length);
        await request.Body.CopyToAsync(kept, cancellationToken);
        kept.Position = 0;
        request.Body = kept;
        return true;
    }

    /// <summary>Goes back to the beginning of a body that was kept.</summary>
    public static void Rewind(HttpContext context)
    {
        if (context.Request.Body is MemoryStream kept)
        {
            kept.Position = 0;
        }
    }
}
