using Compliance.Audit.Entries;

namespace Compliance.Audit.Searching;

/// <summary>
/// What entries are found by: 64-bit hashes of a field and its value (FNV-1a with a finaliser). Two values may share a term, so whoever searches
/// looks at the entries themselves in the end.
/// </summary>
internal static class Terms
{
    public static long Actor(string id) => Of('a', id);

    public static long Action(string action) => Of('v', action);

    /// <summary>All actions that begin so: <c>manifests</c> for <c>manifests.apply</c>.</summary>
    public static long ActionPrefix(ReadOnlySpan<char> prefix) => Of('p', prefix);

    public static long ObjectKind(string kind) => Of('k', kind);

    public static long Namespace(string name) => Of('n', name);

    public static long ObjectName(string name) => Of('o', name);

    public static long Framework(string name) => Of('f', name);

    public static long Outcome(AuditOutcome outcome) => Of('r', EntryNames.Of(outcome));

    public static long Source(string source) => Of('s', source);

    public static long Correlation(string id) => Of('c', id);

    public static long[] Of(AuditEvent e) => Of(e.Actor, e.Action, e.Outcome, e.Source, e.Object, e.CorrelationId, e.Frameworks);

    public static long[] Of(AuditEntryRecord entry) => Of(entry.Actor, entry.Action, entry.Outcome, entry.Source, entry.Object, entry.CorrelationId, entry.Frameworks);

    private static long[] Of(AuditActor actor, string action, AuditOutcome? outcome, string source, AuditObject? target, string? correlation, IReadOnlyList<string> frameworks)
    {
        List<long> terms = new(12) { Actor(actor.Id), Action(action), Source(source) };
        for (var dot = action.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = action.IndexOf('.', dot + 1))
        {
            terms.Add(ActionPrefix(action.AsSpan(0, dot)));
        }

        if (outcome is { } known)
        {
            terms.Add(Outcome(known));
        }

        if (target is not null)
        {
            terms.Add(ObjectKind(target.Kind));
            terms.Add(Namespace(target.Namespace));
            terms.Add(ObjectName(target.Name));
        }

        if (correlation is not null)
        {
            terms.Add(Correlation(correlation));
        }

        foreach (var framework in frameworks)
        {
            terms.Add(Framework(framework));
        }

        return AreDistinct(terms) ? [.. terms] : [.. terms.Distinct()];
    }

    private static bool AreDistinct(List<long> terms)
    {
        for (var i = 1; i < terms.Count; i++)
        {
            if (terms.IndexOf(terms[i], 0, i) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static long Of(char field, ReadOnlySpan<char> value)
    {
        const ulong Prime = 1099511628211;
        var hash = (14695981039346656037 ^ field) * Prime;
        foreach (var c in value)
        {
            hash = (hash ^ (byte)c) * Prime;
            hash = (hash ^ (byte)(c >> 8)) * Prime;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        return (long)(hash ^ (hash >> 33));
    }
}
