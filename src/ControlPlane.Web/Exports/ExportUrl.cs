using ControlPlane.Api.Audit.Exports;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Exports;

/// <summary>What the form of the exports page holds, as its address says it: a link from a search fills it in.</summary>
internal static class ExportUrl
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/exports";

    /// <summary>Reads an address.</summary>
    public static ExportRequest Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;

        return new ExportRequest
        {
            From = One("from"),
            To = One("to"),
            Framework = One("framework"),
            Namespace = One("namespace"),
            Service = One("service"),
            Actor = One("actor"),
        };
    }

    /// <summary>The address, from the root.</summary>
    public static string Write(ExportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<KeyValuePair<string, string?>> words =
        [
            new("from", request.From),
            new("to", request.To),
            new("framework", request.Framework),
            new("namespace", request.Namespace),
            new("service", request.Service),
            new("actor", request.Actor),
        ];
        return QueryHelpers.AddQueryString(Path, words.Where(word => !string.IsNullOrWhiteSpace(word.Value)));
    }
}
