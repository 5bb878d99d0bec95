using System.Runtime.CompilerServices;
using Compliance.Audit.Entries;
using Compliance.Audit.Sequencing;

namespace Compliance.Audit.Searching;

/// <summary>
/// Finds entries by intersecting the postings of the query's terms, newest first: each step leaps to the newest entry that all of them may have.
/// The time window becomes a range of indices, because entries are recorded in the order of time.
/// </summary>
internal sealed class EntrySearch(IAuditStore store, FreshIndex fresh)
{
    private const int MostAtOnce = 256;

    /// <summary>Entries that match, newest first.</summary>
    public async IAsyncEnumerable<StoredEntry> FindAsync(AuditQuery query, long oldest, long before, int expected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<long> indices = [];
        var wanted = Math.Min(expected, MostAtOnce);
        await foreach (var index in FindIndicesAsync(query, oldest, before, cancellationToken))
        {
            indices.Add(index);
            if (indices.Count == wanted)
            {
                foreach (var entry in await MatchingAsync(query, indices, cancellationToken))
                {
                    yield return entry;
                }

                indices.Clear();
            }
        }

        foreach (var entry in await MatchingAsync(query, indices, cancellationToken))
        {
            yield return entry;
        }
    }

    /// <summary>
    /// Indices of entries that have all the terms, newest first, from the oldest that is not pruned on. Two values may share a term: one in 2^64 is too many.
    /// </summary>
    public async IAsyncEnumerable<long> FindIndicesAsync(AuditQuery query, long oldest, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (start, end) = await WindowAsync(query, oldest, before, cancellationToken);
        var wanted = Wanted(query);
        if (wanted.Count == 0)
        {
            for (var index = end - 1; index >= start; index--)
            {
                yield return index;
            }

            yield break;
        }

        List<PostingCursor> cursors = [.. wanted.Select(terms => new PostingCursor(store, fresh, terms))];
        for (var candidate = end - 1; candidate >= start;)
        {
            var agreed = candidate;
            foreach (var cursor in cursors)
            {
                agreed = Math.Min(agreed, await cursor.NewestUpToAsync(agreed, start, cancellationToken));
            }

            if (agreed == candidate)
            {
                yield return candidate;
                candidate--;
            }
            else
            {
                candidate = agreed; // some cursor has nothing between: all go on from there
            }
        }
    }

    private async Task<IReadOnlyList<StoredEntry>> MatchingAsync(AuditQuery query, List<long> indices, CancellationToken cancellationToken) => indices.Count == 0
        ? []
        : [.. (await store.ReadAsync(indices, cancellationToken)).Where(entry => AuditEntryReader.TryRead(entry.Bytes) is { } read && QueryMatch.Fits(query, read))];

    private static List<IReadOnlyList<long>> Wanted(AuditQuery query)
    {
        List<IReadOnlyList<long>> wanted = [];
        Add(query.CorrelationId, Terms.Correlation);
        Add(query.ObjectName, Terms.ObjectName);
        Add(query.Actor, Terms.Actor);
        Add(query.Source, Terms.Source);
        Add(query.ObjectKind, Terms.ObjectKind);
        Add(query.Framework, Terms.Framework);
        Add(query.Action, static action => action.EndsWith(".*", StringComparison.Ordinal) ? Terms.ActionPrefix(action.AsSpan(0, action.Length - 2)) : Terms.Action(action));
        if (query.Outcome is { } outcome)
        {
            wanted.Add([Terms.Outcome(outcome)]);
        }

        if (query.Namespaces is { } namespaces)
        {
            wanted.Add([.. namespaces.Select(Terms.Namespace)]);
        }

        return wanted;

        void Add(string? value, Func<string, long> term)
        {
            if (!string.IsNullOrEmpty(value))
            {
                wanted.Add([term(value)]);
            }
        }
    }

    private async Task<(long Start, long End)> WindowAsync(AuditQuery query, long oldest, long before, CancellationToken cancellationToken)
    {
        var start = query.From is { } from ? await FirstRecordedFromAsync(from, oldest, before, cancellationToken) : oldest;
        var end = query.To is { } to ? await FirstRecordedFromAsync(to, oldest, before, cancellationToken) : before;
        return (start, Math.Min(end, before));
    }

    /// <summary>Index of the first entry recorded at a time or later: by halving, for recorded times never go back.</summary>
    private async Task<long> FirstRecordedFromAsync(DateTimeOffset time, long oldest, long size, CancellationToken cancellationToken)
    {
        var (low, high) = (oldest, size);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var entries = await store.ReadAsync(middle, size, 1, cancellationToken); // the next one that is not pruned
            if (entries.Count == 0 || AuditEntryReader.TryRead(entries[0].Bytes)?.RecordedAt >= time)
            {
                high = middle;
            }
            else
            {
                low = entries[0].Index + 1;
            }
        }

        return low;
    }
}
