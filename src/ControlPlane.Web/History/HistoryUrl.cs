using ControlPlane.Api.Audit;
using ControlPlane.Api.History;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.History;

/// <summary>What the history page shows, as its address says it.</summary>
public sealed record HistoryUrl
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/history";

    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromDays(7);

    /// <summary>Namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Service; null for all.</summary>
    public string? Service { get; init; }

    /// <summary>Begin of the period, as it was written; null for a week before its end.</summary>
    public string? From { get; init; }

    /// <summary>End of the period, as it was written; null for now.</summary>
    public string? To { get; init; }

    /// <summary>The instant that is looked at, as it was written; null for none.</summary>
    public string? At { get; init; }

    /// <summary>What is shown of a service: <c>at</c> or <c>between</c>.</summary>
    public string View { get; init; } = "at";

    /// <summary>True when one service is looked at.</summary>
    public bool IsOfOne => Namespace is not null && Service is not null;

    /// <summary>Reads an address.</summary>
    public static HistoryUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;

        return new()
        {
            Namespace = One("namespace"),
            Service = One("service"),
            From = One("from"),
            To = One("to"),
            At = One("at"),
            View = One("view") == "between" ? "between" : "at",
        };
    }

    /// <summary>The period that is asked for.</summary>
    /// <exception cref="RequestException">It makes no sense.</exception>
    public HistoryPeriod Period(DateTimeOffset now)
    {
        var to = Instant.Read("to", To) ?? now;
        var from = Instant.Read("from", From) ?? to - DefaultPeriod;
        return from < to ? new(from, to, Namespace, Service) : throw RequestException.BadParameter("to", "the period ends before it begins");
    }

    /// <summary>The instant that is looked at; null for none.</summary>
    /// <exception cref="RequestException">It is none.</exception>
    public DateTimeOffset? Moment() => Instant.Read("at", At);

    /// <summary>The address, from the root.</summary>
    public string Write() => QueryHelpers.AddQueryString(
        Path,
        new List<KeyValuePair<string, string?>>
        {
            new("namespace", Namespace),
            new("service", Service),
            new("from", From),
            new("to", To),
            new("at", At),
            new("view", View == "at" ? null : View),
        }.Where(word => !string.IsNullOrWhiteSpace(word.Value)));
}
