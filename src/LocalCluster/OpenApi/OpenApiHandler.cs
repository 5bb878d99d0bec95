using LocalCluster.Api;
using LocalCluster.Errors;
using LocalCluster.Resources;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.OpenApi;

/// <summary>Answers requests for OpenAPI documents.</summary>
/// <param name="catalogs">What is served.</param>
internal sealed class OpenApiHandler(CatalogSource catalogs)
{
    private const string Prefix = "/openapi/";

    private readonly PerCatalog<OpenApiDocuments> _documents = new(catalogs, static catalog => new OpenApiDocuments(catalog));

    /// <summary>Answers a path of OpenAPI.</summary>
    /// <returns>False when the path is another.</returns>
    public async Task<bool> TryHandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimEnd('/');
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var documents = _documents.Current;
        var protobuf = GnosticDocument.IsAskedFor(http.Request.Headers.Accept.ToString());
        var document = path[Prefix.Length..] switch
        {
            "v2" when protobuf => documents.V2Protobuf,
            "v2" => documents.V2,
            "v3" => documents.V3Index,
            ['v', '3', '/', .. var groupVersion] => documents.V3(groupVersion),
            _ => null,
        };
        await AnswerAsync(
            http, protobuf && path.EndsWith("v2", StringComparison.Ordinal) ? GnosticDocument.MediaType : "application/json", document ?? throw StatusErrors.NoSuchPath());
        return true;
    }

    private static async Task AnswerAsync(HttpContext http, string mediaType, TaggedDocument document)
    {
        var tag = $"\"{document.Hash}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.Vary = "Accept-Encoding, Accept";
        if (http.Request.Headers.IfNoneMatch.Contains(tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await ResponseBody.WriteAsync(http, StatusCodes.Status200OK, mediaType, document.Bytes);
    }
}
