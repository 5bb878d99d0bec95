using System.Globalization;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic.Limits;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Web.Traffic;

/// <summary>What the list of limits shows, as its address says it.</summary>
/// <param name="Filter">Which limits, in which order.</param>
/// <param name="Open">The limit whose callers are shown, as <c>namespace/service/name</c>; null for none.</param>
internal sealed record LimitUrl(LimitFilter Filter, string? Open)
{
    public const string Page = "/limits";

    /// <summary>How the address names a limit.</summary>
    public static string NameOf(LimitSummary limit) => $"{limit.Namespace}/{limit.Service}/{limit.Name}";

    /// <summary>Reads an address.</summary>
    /// <exception cref="RequestException">A word has a value that it can't have.</exception>
    public static LimitUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;
        string[] Many(string word) => [.. query.GetValueOrDefault(word).OfType<string>().Where(value => value.Length > 0)];
        var request = new LimitListRequest { Text = One("q"), Namespaces = Many("namespace"), Services = Many("service"), States = Many("state"), Sort = One("sort") };
        return new(request.ToFilter(), One("open"));
    }

    /// <summary>The address, from the root.</summary>
    public string Write()
    {
        var words = new List<KeyValuePair<string, StringValues>>();
        void Add(string word, params IEnumerable<string?> values) => words.AddRange(values.OfType<string>().Select(value => KeyValuePair.Create(word, new StringValues(value))));

        Add("q", string.IsNullOrWhiteSpace(Filter.Text) ? null : Filter.Text);
        Add("namespace", Filter.Namespaces);
        Add("service", Filter.Services);
        Add("state", Filter.States.Select(Word));
        Add("sort", Filter is { Sort: LimitSort.State, Descending: false } ? null : (Filter.Descending ? "-" : "") + Word(Filter.Sort));
        Add("open", Open);
        return QueryHelpers.AddQueryString(Page, words);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);
}
