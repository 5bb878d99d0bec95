using System.Text.Json.Nodes;
using LocalCluster.Api;
using LocalCluster.Errors;
using LocalCluster.Resources;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Discovery;

/// <summary>Answers what clients ask before they ask for objects: what is served, and in which version.</summary>
/// <param name="catalogs">What is served.</param>
internal sealed class DiscoveryHandler(CatalogSource catalogs)
{
    private const string GitVersion = "v1.36.2";
    private const string AggregatedAccept = "v=v2;as=APIGroupDiscoveryList";

    private readonly PerCatalog<DiscoveryDocuments> _documents = new(catalogs, static catalog => new DiscoveryDocuments(catalog));

    /// <summary>Answers a path of discovery.</summary>
    /// <returns>False when the path is another.</returns>
    public async Task<bool> TryHandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimEnd('/');
        switch (path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["api"]:
                await AggregatedOrAsync(http, d => d.Core, d => DiscoveryDocuments.ApiVersions(http.Request.Host.Value ?? ""));
                return true;
            case ["apis"]:
                await AggregatedOrAsync(http, d => d.Named, d => d.GroupList());
                return true;
            case ["api", var version]:
                await AnswerAsync(http, _documents.Current.ResourceList("", version));
                return true;
            case ["apis", var group]:
                await AnswerAsync(http, _documents.Current.Group(group));
                return true;
            case ["apis", var group, var version]:
                await AnswerAsync(http, _documents.Current.ResourceList(group, version));
                return true;
            case ["version"]:
                await AnswerAsync(http, Version());
                return true;
            default:
                return false;
        }
    }

    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "dotnet",
        ["platform"] = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier.Replace('-', '/'),
    };

    private async Task AggregatedOrAsync(HttpContext http, Func<DiscoveryDocuments, AggregatedDiscovery> aggregated, Func<DiscoveryDocuments, JsonObject> plain)
    {
        var documents = _documents.Current;
        http.Response.Headers.Vary = "Accept";
        if (!http.Request.Headers.Accept.ToString().Contains(AggregatedAccept, StringComparison.Ordinal))
        {
            await AnswerAsync(http, plain(documents));
            return;
        }

        var document = aggregated(documents);
        http.Response.Headers.ETag = document.ETag;
        if (http.Request.Headers.IfNoneMatch.Contains(document.ETag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await ResponseBody.WriteAsync(http, StatusCodes.Status200OK, AggregatedDiscovery.MediaType, document.Json);
    }

    private static Task AnswerAsync(HttpContext http, JsonObject? document) =>
        HttpMethods.IsGet(http.Request.Method)
            ? ResponseBody.WriteAsync(http, StatusCodes.Status200OK, document ?? throw StatusErrors.NoSuchPath())
            : throw StatusErrors.NoSuchPath();
}
