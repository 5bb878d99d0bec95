using Compliance.Audit.Sequencing;

namespace Compliance.Audit.Searching;

/// <summary>Walks the entries that have any of some terms, from the newest on.</summary>
internal sealed class PostingCursor(IAuditStore store, FreshIndex fresh, IReadOnlyList<long> terms)
{
    private readonly List<TermCursor> _terms = [.. terms.Select(term => new TermCursor(store, fresh, term))];

    /// <summary>The newest entry with one of the terms that is not after an index; -1 when there is none from the start on.</summary>
    /// <param name="index">Not after this one; the calls go downwards.</param>
    /// <param name="start">Entries before it are of no interest; the same in all calls.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<long> NewestUpToAsync(long index, long start, CancellationToken cancellationToken)
    {
        var newest = -1L;
        foreach (var term in _terms)
        {
            newest = Math.Max(newest, await term.NewestUpToAsync(index, start, cancellationToken));
        }

        return newest;
    }

    private sealed class TermCursor(IAuditStore store, FreshIndex fresh, long term)
    {
        private long _segment = -1;
        private long[] _entries = [];
        private int _next;
        private long? _found;

        public async ValueTask<long> NewestUpToAsync(long index, long start, CancellationToken cancellationToken)
        {
            if (_found is not { } found || found > index) // else nothing lies between
            {
                _found = found = await SeekAsync(index, start, cancellationToken);
            }

            return found;
        }

        private async ValueTask<long> SeekAsync(long index, long start, CancellationToken cancellationToken)
        {
            for (var segment = Posting.SegmentOf(index); segment >= Posting.SegmentOf(start); segment--)
            {
                if (segment != _segment)
                {
                    _entries = fresh.Find(segment, term) ?? await ReadAsync(segment, cancellationToken);
                    (_segment, _next) = (segment, _entries.Length - 1);
                }

                while (_next >= 0 && _entries[_next] > index)
                {
                    _next--;
                }

                if (_next >= 0)
                {
                    return _entries[_next] >= start ? _entries[_next] : -1;
                }
            }

            return -1;
        }

        private async Task<long[]> ReadAsync(long segment, CancellationToken cancellationToken) =>
            await store.ReadPostingAsync(segment, term, cancellationToken) is { } posting ? [.. posting.Entries()] : [];
    }
}
