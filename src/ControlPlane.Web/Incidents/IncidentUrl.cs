using System.Globalization;
using ControlPlane.Api.Incidents;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Web.Incidents;

/// <summary>What the list of incidents shows, as its address says it, in the words of the REST API.</summary>
/// <param name="State">Incidents that are shown: <c>open</c>, <c>resolved</c> or <c>all</c>.</param>
/// <param name="Severities">Severities; empty for all.</param>
/// <param name="Service">One of their services, as <c>namespace/name</c>; null for any.</param>
/// <param name="Text">Words that are searched for.</param>
/// <param name="Sort">Order.</param>
/// <param name="Cursor">Where the page begins.</param>
internal sealed record IncidentUrl(
    string State = IncidentUrl.FirstState, IReadOnlyCollection<IncidentSeverity>? Severities = null, string? Service = null, string? Text = null, string Sort = IncidentUrl.FirstSort, string? Cursor = null)
{
    public const string Path = "/incidents";

    public const string FirstState = "open";

    public const string FirstSort = "-number";

    /// <summary>Incidents that can be shown, with titles.</summary>
    public static IReadOnlyList<(string Word, string Title)> States { get; } = [("open", "Open"), ("resolved", "Resolved"), ("all", "All")];

    /// <summary>True where the list is narrowed.</summary>
    public bool IsNarrowed => Severities is { Count: > 0 } || Service is not null || Text is not null;

    /// <summary>What it asks for.</summary>
    public IncidentFilter Filter => new(State switch { "open" => true, "resolved" => false, _ => null }, Severities, Service, Text, Sort);

    /// <summary>The page of an incident.</summary>
    public static string Of(long number) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{number}");

    /// <summary>Reads an address; unknown words are as if they were not there.</summary>
    public static IncidentUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;

        return new(
            States.Select(static state => state.Word).FirstOrDefault(state => state == One("state"), FirstState),
            [.. query.GetValueOrDefault("severity").Where(static word => Enum.IsDefined(typeof(IncidentSeverity), word ?? "")).Select(static word => Enum.Parse<IncidentSeverity>(word!))],
            One("service"),
            One("q"),
            One("sort") ?? FirstSort,
            One("cursor"));
    }

    /// <summary>The address, from the root.</summary>
    public string Write()
    {
        List<KeyValuePair<string, StringValues>> words = [];
        void Add(string word, params IEnumerable<string?> values) => words.AddRange(values.Where(static value => !string.IsNullOrWhiteSpace(value)).Select(value => KeyValuePair.Create(word, new StringValues(value))));

        Add("state", State == FirstState ? null : State);
        Add("severity", (Severities ?? []).Select(static severity => severity.ToString()));
        Add("service", Service);
        Add("q", Text);
        Add("sort", Sort == FirstSort ? null : Sort);
        Add("cursor", Cursor);
        return QueryHelpers.AddQueryString(Path, words);
    }
}
