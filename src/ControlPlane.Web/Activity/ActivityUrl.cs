using System.Globalization;
using ControlPlane.Api.Activity;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Activity;

/// <summary>What the activity page shows, as its address says it, in the words of the REST list.</summary>
internal static class ActivityUrl
{
    /// <summary>Reads an address.</summary>
    /// <exception cref="RequestException">A word has a value that it can't have.</exception>
    public static ActivityFilter Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;

        return new ActivityRequest
        {
            Kinds = [.. query.GetValueOrDefault("kind").OfType<string>()],
            Namespace = One("namespace"),
            Service = One("service"),
            WarningsOnly = bool.TryParse(One("warnings"), out var warnings) && warnings,
            Text = One("q"),
        }.ToFilter();
    }

    /// <summary>The address, from the root.</summary>
    public static string Write(ActivityFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        List<KeyValuePair<string, string?>> words =
        [
            new("q", string.IsNullOrWhiteSpace(filter.Text) ? null : filter.Text),
            .. filter.Kinds.Select(kind => KeyValuePair.Create("kind", (string?)kind.ToString().ToLower(CultureInfo.InvariantCulture))),
            new("namespace", filter.Namespace),
            new("service", filter.Service),
            new("warnings", filter.WarningsOnly ? "true" : null),
        ];
        return QueryHelpers.AddQueryString("/activity", words.Where(word => word.Value is not null));
    }
}
