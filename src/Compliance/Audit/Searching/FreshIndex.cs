using System.Runtime.InteropServices;

namespace Compliance.Audit.Searching;

/// <summary>
/// The index of the segment at the end of the log, in memory: made again from the entries when the log is opened. The sequencer adds to it what is
/// acknowledged; readers look into it at the same time.
/// </summary>
internal sealed class FreshIndex
{
    private readonly Lock _lock = new();
    private Dictionary<long, List<int>> _offsets = [];
    private long _segment;

    /// <summary>Adds an entry. The first one of a new segment drops the old one, which is in the store by then.</summary>
    public void Add(long index, long[] terms)
    {
        lock (_lock)
        {
            if (Posting.SegmentOf(index) != _segment)
            {
                (_segment, _offsets) = (Posting.SegmentOf(index), []);
            }

            Add(_offsets, index, terms);
        }
    }

    /// <summary>Starts anew.</summary>
    public void Clear(long segment)
    {
        lock (_lock)
        {
            (_segment, _offsets) = (segment, []);
        }
    }

    /// <summary>Entries of a segment with a term, in order; null when the segment is not this one, and so in the store.</summary>
    public long[]? Find(long segment, long term)
    {
        lock (_lock)
        {
            if (segment != _segment)
            {
                return null;
            }

            return _offsets.TryGetValue(term, out var offsets) ? [.. offsets.Select(offset => (segment * Posting.SegmentLength) + offset)] : [];
        }
    }

    /// <summary>What must be stored with new entries: the postings of the segments that they finish, in the order of the index.</summary>
    /// <param name="first">Index of the first new entry.</param>
    /// <param name="terms">Terms of each new entry.</param>
    public IReadOnlyList<Posting> FinishedWith(long first, IReadOnlyList<long[]> terms)
    {
        var end = Posting.SegmentOf(first + terms.Count);
        if (Posting.SegmentOf(first) == end)
        {
            return [];
        }

        List<Posting> postings = [];
        var next = 0;
        for (var segment = Posting.SegmentOf(first); segment < end; segment++)
        {
            Dictionary<long, List<int>> added = [];
            for (; next < terms.Count && Posting.SegmentOf(first + next) == segment; next++)
            {
                Add(added, first + next, terms[next]);
            }

            AddPostings(postings, segment, added);
        }

        return postings;
    }

    /// <summary>
    /// Postings of a segment: of what is in it, which stays as it is, with what is added. It takes no lock: the sequencer, which calls it, is also the only
    /// one that adds.
    /// </summary>
    private void AddPostings(List<Posting> postings, long segment, Dictionary<long, List<int>> added)
    {
        var known = segment == _segment ? _offsets : [];
        var terms = known.Keys.Concat(added.Keys.Where(term => !known.ContainsKey(term))).ToArray();
        Array.Sort(terms);
        postings.AddRange(terms.Select(term => Posting.Of(segment, term, [.. known.GetValueOrDefault(term, []), .. added.GetValueOrDefault(term, [])])));
    }

    private static void Add(Dictionary<long, List<int>> offsets, long index, long[] terms)
    {
        foreach (var term in terms)
        {
            ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(offsets, term, out _);
            (entries ??= new List<int>(1)).Add((int)(index % Posting.SegmentLength));
        }
    }
}
