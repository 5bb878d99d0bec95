using System.Globalization;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Rollouts;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Web.Rollouts;

/// <summary>What the list of rollouts shows, as its address says it, in the words of the REST API.</summary>
internal static class RolloutUrl
{
    public const string Page = "/rollouts";

    /// <summary>The page of a rollout.</summary>
    public static string Of(ObjectKey key) => Of(key.Namespace, key.Name);

    /// <summary>The page of a rollout.</summary>
    public static string Of(string ns, string name) => $"{Page}/{Uri.EscapeDataString(ns)}/{Uri.EscapeDataString(name)}";

    /// <summary>Reads an address.</summary>
    /// <exception cref="RequestException">A word has a value that it can't have.</exception>
    public static RolloutListRequest Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;
        string[] Many(string word) => [.. query.GetValueOrDefault(word).OfType<string>().Where(static value => value.Length > 0)];
        return new()
        {
            Text = One("q"),
            Namespaces = Many("namespace"),
            Phases = Many("phase"),
            Services = Many("service"),
            HoldTypes = Many("hold"),
            Held = One("held") is not { } held ? null : bool.TryParse(held, out var value) ? value : throw RequestException.BadParameter("held", $"'{held}' is neither true nor false"),
            Sort = One("sort"),
            Cursor = One("cursor"),
        };
    }

    /// <summary>The address, from the root.</summary>
    /// <param name="filter">What it shows.</param>
    /// <param name="cursor">Where the page begins; null for the first.</param>
    public static string Write(RolloutFilter filter, string? cursor = null)
    {
        var words = new List<KeyValuePair<string, StringValues>>();
        void Add(string word, params IEnumerable<string?> values) => words.AddRange(values.OfType<string>().Select(value => KeyValuePair.Create(word, new StringValues(value))));

        Add("q", string.IsNullOrWhiteSpace(filter.Text) ? null : filter.Text);
        Add("namespace", filter.Namespaces);
        Add("phase", filter.Phases.Select(Word));
        Add("service", filter.Services);
        Add("hold", filter.HoldTypes);
        Add("held", filter.Held switch { true => "true", false => "false", _ => null });
        Add("sort", filter is { Sort: RolloutSort.Urgency, Descending: false } ? null : (filter.Descending ? "-" : "") + Word(filter.Sort));
        Add("cursor", cursor);
        return QueryHelpers.AddQueryString(Page, words);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);
}
