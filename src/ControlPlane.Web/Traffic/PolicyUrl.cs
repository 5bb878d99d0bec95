using System.Globalization;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Web.Traffic;

/// <summary>What the list of policies shows, as its address says it.</summary>
internal static class PolicyUrl
{
    public const string Page = "/policies";

    /// <summary>The form of a stored policy.</summary>
    public static string Of(ResourceType type, ObjectKey key) => $"{Page}/{type.Plural}/{Uri.EscapeDataString(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";

    /// <summary>The form of a new policy.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="service">The service that it is for; null for none yet.</param>
    public static string New(string kind, ObjectKey? service = null) => QueryHelpers.AddQueryString(
        $"{Page}/new", new Dictionary<string, string?> { ["kind"] = kind, ["namespace"] = service?.Namespace, ["service"] = service?.Name }.Where(static word => word.Value is not null));

    /// <summary>Reads an address.</summary>
    /// <exception cref="RequestException">A word has a value that it can't have.</exception>
    public static PolicyFilter Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;
        string[] Many(string word) => [.. query.GetValueOrDefault(word).OfType<string>().Where(value => value.Length > 0)];
        return new PolicyListRequest { Text = One("q"), Kinds = Many("kind"), Namespaces = Many("namespace"), States = Many("state"), Sort = One("sort") }.ToFilter();
    }

    /// <summary>The address, from the root.</summary>
    public static string Write(PolicyFilter filter)
    {
        var words = new List<KeyValuePair<string, StringValues>>();
        void Add(string word, params IEnumerable<string?> values) => words.AddRange(values.OfType<string>().Select(value => KeyValuePair.Create(word, new StringValues(value))));

        Add("q", string.IsNullOrWhiteSpace(filter.Text) ? null : filter.Text);
        Add("kind", filter.Kinds);
        Add("namespace", filter.Namespaces);
        Add("state", filter.States.Select(Word));
        Add("sort", filter is { Sort: PolicySort.Namespace, Descending: false } ? null : (filter.Descending ? "-" : "") + Word(filter.Sort));
        return QueryHelpers.AddQueryString(Page, words);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);
}
