using Compliance.Audit.Entries;

namespace Compliance.Audit.Searching;

/// <summary>Whether an entry is what a query asks for.</summary>
public static class QueryMatch
{
    /// <summary>True when the entry fits every part of the query.</summary>
    public static bool Fits(AuditQuery query, AuditEntryRecord entry)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(entry);
        return Fits(query.Actor, entry.Actor.Id)
            && FitsAction(query.Action, entry.Action)
            && Fits(query.ObjectKind, entry.Object?.Kind)
            && Fits(query.ObjectName, entry.Object?.Name)
            && (query.Namespaces is null || (entry.Object is { } target && query.Namespaces.Contains(target.Namespace)))
            && (string.IsNullOrEmpty(query.Framework) || entry.Frameworks.Contains(query.Framework))
            && (query.Outcome is null || query.Outcome == entry.Outcome)
            && Fits(query.Source, entry.Source)
            && Fits(query.CorrelationId, entry.CorrelationId)
            && (query.From is null || entry.RecordedAt >= query.From)
            && (query.To is null || entry.RecordedAt < query.To);
    }

    private static bool Fits(string? wanted, string? value) => string.IsNullOrEmpty(wanted) || wanted == value;

    private static bool FitsAction(string? wanted, string action) => wanted is not null && wanted.EndsWith(".*", StringComparison.Ordinal)
        ? action.StartsWith(wanted[..^1], StringComparison.Ordinal)
        : Fits(wanted, action);
}
