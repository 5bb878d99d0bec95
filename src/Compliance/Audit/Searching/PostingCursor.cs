using Compliance.Audit.Sequencing;

namespace Compliance.Audit.Searching;

/// <summary>Walks the entries that have any of some terms, from the newest on.</summary>
internal sealed class PostingCursor(IAuditStore store, IReadOnlyList<long> terms)
{
    private readonly List<TermCursor> _terms = [.. terms.Select(term => new TermCursor(store, term))];

    /// <summary>The newest entry with one of the terms that is not after an index; -1 when there is none from the start on.</summary>
    /// <param name="index">Not after this one; the calls go downwards.</param>
    /// <param name="start">Entries before it are of no interest.</param>
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

    private sealed class TermCursor(IAuditStore store, long term)
    {
        private const int FirstRead = 8;
        private const int LongestRead = 256;

        private readonly Stack<long> _read = new(); // the newest on top
        private long _segment = -1;
        private long _before = long.MaxValue;
        private int _next = FirstRead;

        public async ValueTask<long> NewestUpToAsync(long index, long start, CancellationToken cancellationToken)
        {
            while (true)
            {
                while (_read.TryPeek(out var top))
                {
                    if (top <= index)
                    {
                        return top >= start ? top : -1;
                    }

                    _read.Pop();
                }

                if (!await ReadMoreAsync(index, start, cancellationToken))
                {
                    return -1;
                }
            }
        }

        /// <summary>Reads postings that begin at or before an index, in its segment or an older one.</summary>
        private async Task<bool> ReadMoreAsync(long index, long start, CancellationToken cancellationToken)
        {
            _before = Math.Min(_before, index + 1);
            _segment = _segment < 0 ? Posting.SegmentOf(index) : Math.Min(_segment, Posting.SegmentOf(index));
            for (; _segment >= Posting.SegmentOf(start) && _before > 0; _segment--)
            {
                var postings = await store.ReadPostingsAsync(_segment, term, _before, _next, cancellationToken);
                if (postings.Count > 0)
                {
                    _before = postings[^1].First;
                    _next = Math.Min(_next * 2, LongestRead);
                    foreach (var entry in postings.Reverse().SelectMany(static posting => posting.Entries()))
                    {
                        _read.Push(entry);
                    }

                    return true;
                }
            }

            return false;
        }
    }
}
