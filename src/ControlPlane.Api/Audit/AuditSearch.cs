using Compliance.Audit;
using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit;

/// <summary>Finds entries of the log, newest first. Whoever may read it in some namespaces finds what concerns these, and nothing else.</summary>
public sealed class AuditSearch(IAuditReader reader, Authorizer authorizer, TimeProvider time)
{
    /// <summary>Matches are counted up to this many: nobody reads more, and a count must not read the whole log.</summary>
    public const int CountedAtMost = 10_000;

    private const int CountedInBar = 1_000;

    /// <summary>Entries looked at for one page: an idle log of years is mostly heartbeats.</summary>
    private const int LookedThrough = 20_000;

    /// <summary>Entries in the log so far.</summary>
    public long Size => reader.Size;

    /// <summary>A page of the entries that match. It may be short, and even empty, although there are more: then it says where to go on.</summary>
    /// <param name="search">Which.</param>
    /// <param name="before">Only entries before this index; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<AuditPage> ListAsync(AuditSearchQuery search, long? before, int limit, CancellationToken cancellationToken)
    {
        List<RecordedEntry> entries = [];
        if (Allowed(search) is not { } allowed)
        {
            return new(entries, Next: null);
        }

        for (var seen = 0; seen < LookedThrough;)
        {
            var part = await reader.SearchAsync(allowed, before, limit + 1, cancellationToken); // one more tells whether there is a next page
            foreach (var entry in part.Select(RecordedEntry.Of).Where(entry => !search.LeavesOut(entry)))
            {
                if (entries.Count == limit)
                {
                    return new(entries, entries[^1].Index);
                }

                entries.Add(entry);
            }

            if (part.Count <= limit)
            {
                return new(entries, Next: null);
            }

            (before, seen) = (part[^1].Index, seen + part.Count);
        }

        return new(entries, before);
    }

    /// <summary>How many entries match, counted up to <see cref="CountedAtMost"/>.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<int> CountAsync(AuditSearchQuery search, CancellationToken cancellationToken) =>
        Allowed(search) is { } allowed ? await CountAsync(search, allowed, CountedAtMost, cancellationToken) : 0;

    /// <summary>How the entries that match spread over time: over the period asked for, or from the first entry until now.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<AuditTimeline> TimelineAsync(AuditSearchQuery search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        var (query, allowed) = (search.Query, Allowed(search));
        var to = query.To ?? time.GetUtcNow().AddSeconds(1); // what was recorded just now is in it
        var from = query.From ?? await FirstAsync(cancellationToken) ?? to;
        var scale = TimeScale.Of(from, to);
        List<TimelineBar> bars = [];
        foreach (var (start, end) in scale.Buckets())
        {
            var part = allowed is null ? null : allowed with { From = Later(start, query.From), To = Earlier(end, query.To) };
            var count = part is null ? 0 : await CountAsync(search, part, CountedInBar, cancellationToken);
            bars.Add(new(start, end, count, count == CountedInBar));
        }

        return new(scale.Width, bars);
    }

    private async Task<int> CountAsync(AuditSearchQuery search, AuditQuery query, int bound, CancellationToken cancellationToken)
    {
        var count = await reader.CountAsync(query, bound, cancellationToken);
        return search.LeavesOutHeartbeats && count < bound
            ? count - await reader.CountAsync(query with { Action = AuditSearchQuery.Heartbeat }, bound, cancellationToken)
            : count;
    }

    private static DateTimeOffset Later(DateTimeOffset start, DateTimeOffset? from) => from > start ? from.Value : start;

    private static DateTimeOffset Earlier(DateTimeOffset end, DateTimeOffset? to) => to < end ? to.Value : end;

    /// <summary>The query as far as the caller may see; null when that is nothing.</summary>
    private AuditQuery? Allowed(AuditSearchQuery search)
    {
        ArgumentNullException.ThrowIfNull(search);
        var query = search.Query;
        var namespaces = AuditScope.Narrow(query.Namespaces, authorizer.DemandNamespaces(Permissions.ReadAudit));
        return namespaces is { Count: 0 } ? null : query with { Namespaces = namespaces };
    }

    private async Task<DateTimeOffset?> FirstAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in reader.ReadAsync(0, reader.Size, cancellationToken))
        {
            return RecordedEntry.Of(entry).RecordedAt;
        }

        return null;
    }
}

/// <summary>A search in the log.</summary>
/// <param name="Query">Which entries.</param>
/// <param name="Heartbeats">
/// True to find the entries that an idle log writes each minute, too. They show that nothing was taken out of a quiet hour, and tell people nothing else.
/// </param>
public sealed record AuditSearchQuery(AuditQuery Query, bool Heartbeats = true)
{
    /// <summary>Action of heartbeats.</summary>
    public const string Heartbeat = "log.heartbeat";

    /// <summary>True when heartbeats would match, and are not wanted.</summary>
    public bool LeavesOutHeartbeats =>
        !Heartbeats && Query is { Action: null, Actor: null, ObjectKind: null, ObjectName: null, Namespaces: null, Framework: null, CorrelationId: null };

    internal bool LeavesOut(RecordedEntry entry) => LeavesOutHeartbeats && entry.Action == Heartbeat;
}

/// <summary>A page of entries.</summary>
/// <param name="Entries">The entries, newest first.</param>
/// <param name="Next">The next page holds entries before this index; null on the last.</param>
public sealed record AuditPage(IReadOnlyList<RecordedEntry> Entries, long? Next);

/// <summary>How entries spread over time.</summary>
/// <param name="Width">How long each bar lasts.</param>
/// <param name="Bars">The bars, oldest first.</param>
public sealed record AuditTimeline(TimeSpan Width, IReadOnlyList<TimelineBar> Bars);

/// <summary>Entries of a stretch of time.</summary>
/// <param name="Start">From (UTC).</param>
/// <param name="End">Until before (UTC).</param>
/// <param name="Count">How many.</param>
/// <param name="OrMore">True when there may be more: they were counted only so far.</param>
public sealed record TimelineBar(DateTimeOffset Start, DateTimeOffset End, int Count, bool OrMore);
