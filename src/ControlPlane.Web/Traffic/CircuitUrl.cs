using System.Globalization;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Web.Traffic;

/// <summary>What the list of circuits shows, as its address says it, and where the circuit of a service is.</summary>
internal static class CircuitUrl
{
    public const string Page = "/circuits";

    public static string Of(string ns, string service) => $"{Page}/{Uri.EscapeDataString(ns)}/{Uri.EscapeDataString(service)}";

    public static string Of(ObjectKey service) => Of(service.Namespace, service.Name);

    /// <summary>Reads an address.</summary>
    /// <exception cref="RequestException">A word has a value that it can't have.</exception>
    public static CircuitFilter Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;
        string[] Many(string word) => [.. query.GetValueOrDefault(word).OfType<string>().Where(value => value.Length > 0)];
        return new CircuitListRequest { Text = One("q"), Namespaces = Many("namespace"), Teams = Many("team"), States = Many("state"), Sort = One("sort") }.ToFilter();
    }

    /// <summary>The address, from the root.</summary>
    public static string Write(CircuitFilter filter)
    {
        var words = new List<KeyValuePair<string, StringValues>>();
        void Add(string word, params IEnumerable<string?> values) => words.AddRange(values.OfType<string>().Select(value => KeyValuePair.Create(word, new StringValues(value))));

        Add("q", string.IsNullOrWhiteSpace(filter.Text) ? null : filter.Text);
        Add("namespace", filter.Namespaces);
        Add("team", filter.Teams);
        Add("state", filter.States.Select(Word));
        Add("sort", filter is { Sort: CircuitSort.State, Descending: false } ? null : (filter.Descending ? "-" : "") + Word(filter.Sort));
        return QueryHelpers.AddQueryString(Page, words);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);
}
