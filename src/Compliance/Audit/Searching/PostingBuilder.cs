namespace Compliance.Audit.Searching;

/// <summary>Collects the terms of a batch's entries into postings.</summary>
internal sealed class PostingBuilder
{
    private readonly Dictionary<(long Segment, long Term), Block> _blocks = [];

    public void Add(long index, long[] terms)
    {
        var segment = Posting.SegmentOf(index);
        foreach (var term in terms)
        {
            if (_blocks.TryGetValue((segment, term), out var block))
            {
                block.Add(index);
            }
            else
            {
                _blocks.Add((segment, term), new Block(index));
            }
        }
    }

    /// <summary>The postings in the order of the index, which is the quickest to insert in.</summary>
    public IReadOnlyList<Posting> Build() =>
        [.. _blocks.Select(static pair => new Posting(pair.Key.Segment, pair.Key.Term, pair.Value.First, pair.Value.Rest())).OrderBy(static p => p.Segment).ThenBy(static p => p.Term)];

    private sealed class Block(long first)
    {
        private long _last = first;
        private List<byte>? _rest;

        public long First { get; } = first;

        public void Add(long index)
        {
            _rest ??= [];
            var distance = index - _last;
            for (; distance >= 0x80; distance >>= 7)
            {
                _rest.Add((byte)(distance | 0x80));
            }

            _rest.Add((byte)distance);
            _last = index;
        }

        public byte[] Rest() => _rest is null ? [] : [.. _rest];
    }
}
