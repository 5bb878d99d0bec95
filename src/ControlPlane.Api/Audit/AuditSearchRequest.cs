using System.ComponentModel;
using Compliance.Audit;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Api.Audit;

/// <summary>Query parameters of a search in the log. The console's address bar uses the same words.</summary>
public sealed record AuditSearchRequest
{
    /// <summary>Words of the search box.</summary>
    [FromQuery(Name = "q")]
    [Description("Words: an action (manifests.apply, session.*), an object (shop/order), an id, or word:value with any of the parameters below.")]
    public string? Text { get; init; }

    /// <summary>Recorded at or after.</summary>
    [FromQuery(Name = "from")]
    [Description("Recorded at or after this instant (RFC 3339; a date is one of India).")]
    public string? From { get; init; }

    /// <summary>Recorded before.</summary>
    [FromQuery(Name = "to")]
    [Description("Recorded before this instant.")]
    public string? To { get; init; }

    /// <summary>Id of the actor.</summary>
    [FromQuery(Name = "actor")]
    public string? Actor { get; init; }

    /// <summary>Action.</summary>
    [FromQuery(Name = "action")]
    [Description("Action, such as manifests.apply; with .* at its end all that begin so.")]
    public string? Action { get; init; }

    /// <summary>Kind of the object.</summary>
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    /// <summary>Namespaces of the object.</summary>
    [FromQuery(Name = "namespace")]
    public string[]? Namespaces { get; init; }

    /// <summary>Name of the object.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>Framework.</summary>
    [FromQuery(Name = "framework")]
    [Description("RBI, GST, CERT-In, DPDP or PCI-DSS.")]
    public string? Framework { get; init; }

    /// <summary>How it ended.</summary>
    [FromQuery(Name = "outcome")]
    [Description("Attempted, Succeeded, Failed, Refused or Pending.")]
    public string? Outcome { get; init; }

    /// <summary>Source.</summary>
    [FromQuery(Name = "source")]
    public string? Source { get; init; }

    /// <summary>Correlation id.</summary>
    [FromQuery(Name = "correlation")]
    public string? Correlation { get; init; }

    /// <summary>Whether entries that an idle log writes are wanted.</summary>
    [FromQuery(Name = "heartbeats")]
    [Description("False leaves out the entries that an idle log writes each minute. Default true.")]
    public bool? Heartbeats { get; init; }

    /// <summary>The request as a search.</summary>
    /// <param name="heartbeats">Whether heartbeats are wanted where nothing says so.</param>
    /// <exception cref="RequestException">A parameter has a value that it can't have.</exception>
    public AuditSearchQuery ToSearch(bool heartbeats = true) => new(ToQuery(), Heartbeats ?? heartbeats);

    /// <summary>The request as a query; what the search box says comes before the other parameters.</summary>
    /// <exception cref="RequestException">A parameter has a value that it can't have.</exception>
    public AuditQuery ToQuery()
    {
        var words = SearchWords.Read(Text);
        var query = new AuditQuery
        {
            From = Instant.Read("from", words.From ?? From),
            To = Instant.Read("to", words.To ?? To),
            Actor = Value(words.Actor ?? Actor),
            Action = Value(words.Action ?? Action),
            ObjectKind = Value(words.Kind ?? Kind),
            Namespaces = (words.Namespaces ?? Namespaces)?.Where(ns => ns.Length > 0).ToList() is { Count: > 0 } namespaces ? namespaces : null,
            ObjectName = Value(words.Name ?? Name),
            Framework = Value(words.Framework ?? Framework) is { } framework ? Frameworks.Named("framework", framework) : null,
            Outcome = Value(words.Outcome ?? Outcome) is { } outcome ? EnumParameter.Parse<AuditOutcome>("outcome", outcome) : null,
            Source = Value(words.Source ?? Source),
            CorrelationId = Value(words.Correlation ?? Correlation),
        };
        return query.To <= query.From ? throw RequestException.BadParameter("to", "the period ends before it begins") : query;
    }

    private static string? Value(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
