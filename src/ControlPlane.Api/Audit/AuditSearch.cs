using Compliance.Audit;
using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit;

/// <summary>Finds entries of the log, newest first. Whoever may read it in some namespaces finds what concerns these, and nothing else.</summary>
public sealed class AuditSearch(IAuditReader reader, Authorizer authorizer, TimeProvider time)
{
    /// <summary>Matches are counted up to this many: nobody reads more, and a count must not read the whole log.</summary>
    public const int CountedAtMost = 10_000;

    private const int CountedInBar = 1_000;

    /// <summary>Entries in the log so far.</summary>
    public long Size => reader.Size;

    /// <summary>A page of the entries that match.</summary>
    /// <param name="query">Which.</param>
    /// <param name="before">Only entries before this index; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<AuditPage> ListAsync(AuditQuery query, long? before, int limit, CancellationToken cancellationToken)
    {
        if (Allowed(query) is not { } allowed)
        {
            return new([], Next: null);
        }

        var found = await reader.SearchAsync(allowed, before, limit + 1, cancellationToken); // one more tells whether there is a next page
        return new([.. found.Take(limit).Select(RecordedEntry.Of)], found.Count > limit ? found[limit - 1].Index : null);
    }

    /// <summary>How many entries match, counted up to <see cref="CountedAtMost"/>.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<int> CountAsync(AuditQuery query, CancellationToken cancellationToken) =>
        Allowed(query) is { } allowed ? await reader.CountAsync(allowed, CountedAtMost, cancellationToken) : 0;

    /// <summary>How the entries that match spread over time: over the period asked for, or from the first entry until now.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<AuditTimeline> TimelineAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var allowed = Allowed(query);
        var to = query.To ?? time.GetUtcNow();
        var from = query.From ?? await FirstAsync(cancellationToken) ?? to;
        var scale = TimeScale.Of(from, to);
        List<TimelineBar> bars = [];
        foreach (var (start, end) in scale.Buckets())
        {
            var part = allowed is null ? null : allowed with { From = Later(start, query.From), To = Earlier(end, query.To) };
            var count = part is null ? 0 : await reader.CountAsync(part, CountedInBar, cancellationToken);
            bars.Add(new(start, end, count, count == CountedInBar));
        }

        return new(scale.Width, bars);
    }

    private static DateTimeOffset Later(DateTimeOffset start, DateTimeOffset? from) => from > start ? from.Value : start;

    private static DateTimeOffset Earlier(DateTimeOffset end, DateTimeOffset? to) => to < end ? to.Value : end;

    /// <summary>The query as far as the caller may see; null when that is nothing.</summary>
    private AuditQuery? Allowed(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
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
