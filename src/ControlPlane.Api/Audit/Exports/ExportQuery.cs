using Compliance.Audit;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>What an export holds. The same query over the same size of the log makes the same bytes.</summary>
public sealed record ExportQuery
{
    /// <summary>Recorded at or after (UTC).</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Recorded before (UTC).</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Framework that wants the entries on record; null for all.</summary>
    public string? Framework { get; init; }

    /// <summary>Namespace of the object; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name of the object, with <see cref="Namespace"/> a service; null for all.</summary>
    public string? Service { get; init; }

    /// <summary>Id of the actor; null for all.</summary>
    public string? Actor { get; init; }

    /// <summary>The entries that it selects.</summary>
    public AuditQuery ToAuditQuery() => new()
    {
        From = From,
        To = To,
        Framework = Framework,
        Namespaces = Namespace is null ? null : [Namespace],
        ObjectName = Service,
        Actor = Actor,
    };
}

/// <summary>An export as it is asked for over REST and by the console's address.</summary>
public sealed record ExportRequest
{
    /// <summary>Recorded at or after: an RFC 3339 instant, or a date of India.</summary>
    public string? From { get; init; }

    /// <summary>Recorded before.</summary>
    public string? To { get; init; }

    /// <summary>RBI, GST, CERT-In, DPDP or PCI-DSS; null for all.</summary>
    public string? Framework { get; init; }

    /// <summary>Namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Service; null for all.</summary>
    public string? Service { get; init; }

    /// <summary>Id of the actor; null for all.</summary>
    public string? Actor { get; init; }

    /// <summary>Size of the log to export from; null for that of the newest checkpoint, or of an earlier export of the same closed period.</summary>
    public long? Size { get; init; }

    /// <summary>What it is for; on record with the export, and in the package.</summary>
    public string? Reason { get; init; }

    /// <summary>The request as a query.</summary>
    /// <exception cref="RequestException">A field has a value that it can't have.</exception>
    public ExportQuery ToQuery(DateTimeOffset now)
    {
        var from = Instant.Read("from", From) ?? throw RequestException.BadParameter("from", "say from when on: from is missing");
        var to = Instant.Read("to", To) ?? now;
        if (to <= from)
        {
            throw RequestException.BadParameter("to", "the period ends before it begins");
        }

        return new()
        {
            From = from,
            To = to < now ? to : now.AddMilliseconds(1), // what is not recorded yet can't be exported; what was in this very millisecond can
            Framework = string.IsNullOrWhiteSpace(Framework) ? null : Frameworks.Named("framework", Framework.Trim()),
            Namespace = Text(Namespace),
            Service = Text(Service),
            Actor = Text(Actor),
        };
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
