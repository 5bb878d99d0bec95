using System.Globalization;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Web.Fleet;

/// <summary>What the fleet page shows, as its address says it. The words are those of the REST list, so that one can be copied to the other.</summary>
/// <param name="Filter">Which services, in which order.</param>
/// <param name="Selected">The service that is marked; null for none.</param>
public sealed record FleetUrl(FleetFilter Filter, ObjectKey? Selected)
{
    private const string SelectedWord = "selected";

    /// <summary>Reads an address.</summary>
    /// <exception cref="RequestException">A word has a value that it can't have.</exception>
    public static FleetUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;
        string[] Many(string word) => [.. query.GetValueOrDefault(word).OfType<string>().Where(value => value.Length > 0)];

        var request = new FleetListRequest
        {
            Text = One("q"),
            Namespaces = Many("namespace"),
            Teams = Many("team"),
            Tiers = Many("tier"),
            Healths = Many("health"),
            Drifted = bool.TryParse(One("drifted"), out var drifted) && drifted,
            Sort = One("sort"),
        };
        return new(request.ToFilter(), One(SelectedWord)?.Split('/') is [var ns, var name] ? new ObjectKey(ns, name) : null);
    }

    /// <summary>The address, from the root.</summary>
    public string Write()
    {
        var words = new List<KeyValuePair<string, StringValues>>();
        void Add(string word, params IEnumerable<string?> values) => words.AddRange(values.OfType<string>().Select(value => KeyValuePair.Create(word, new StringValues(value))));

        Add("q", string.IsNullOrWhiteSpace(Filter.Text) ? null : Filter.Text);
        Add("namespace", Filter.Namespaces);
        Add("team", Filter.Teams);
        Add("tier", Filter.Tiers.Select(Word));
        Add("health", Filter.Healths.Select(Word));
        Add("drifted", Filter.Drifted ? "true" : null);
        Add("sort", Sorting(Filter));
        Add(SelectedWord, Selected?.ToString());
        return QueryHelpers.AddQueryString("/", words);
    }

    private static string? Sorting(FleetFilter filter) => filter is { Sort: FleetSort.Namespace, Descending: false }
        ? null
        : (filter.Descending ? "-" : "") + Word(filter.Sort);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);
}
