using System.Globalization;
using ControlPlane.Api.Audit;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Audit;

/// <summary>What the audit page shows, as its address says it, in the words of the REST search.</summary>
/// <param name="Request">The search.</param>
/// <param name="Entry">Index of the entry that is open; null for none.</param>
public sealed record AuditUrl(AuditSearchRequest Request, long? Entry)
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/audit";

    /// <summary>True when the search is narrowed by anything.</summary>
    public bool IsNarrowed => Words(entry: null).Any();

    /// <summary>Reads an address. Whether the words have values that they can have shows when the request is made a query.</summary>
    public static AuditUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;

        return new(
            new AuditSearchRequest
            {
                Text = One("q"),
                From = One("from"),
                To = One("to"),
                Actor = One("actor"),
                Action = One("action"),
                Kind = One("kind"),
                Namespaces = [.. query.GetValueOrDefault("namespace").OfType<string>()],
                Name = One("name"),
                Framework = One("framework"),
                Outcome = One("outcome"),
                Source = One("source"),
                Correlation = One("correlation"),
                Heartbeats = One("heartbeats") == "true" ? true : null,
            },
            long.TryParse(One("entry"), NumberStyles.None, CultureInfo.InvariantCulture, out var entry) ? entry : null);
    }

    /// <summary>The address, from the root.</summary>
    public string Write() => QueryHelpers.AddQueryString(Path, Words(Entry));

    private IEnumerable<KeyValuePair<string, string?>> Words(long? entry) => new List<KeyValuePair<string, string?>>
    {
        new("q", Request.Text),
        new("from", Request.From),
        new("to", Request.To),
        new("actor", Request.Actor),
        new("action", Request.Action),
        new("kind", Request.Kind),
        new("name", Request.Name),
        new("framework", Request.Framework),
        new("outcome", Request.Outcome),
        new("source", Request.Source),
        new("correlation", Request.Correlation),
        new("heartbeats", Request.Heartbeats == true ? "true" : null),
        new("entry", entry?.ToString(CultureInfo.InvariantCulture)),
    }.Concat((Request.Namespaces ?? []).Select(ns => KeyValuePair.Create("namespace", (string?)ns))).Where(word => !string.IsNullOrWhiteSpace(word.Value));
}
