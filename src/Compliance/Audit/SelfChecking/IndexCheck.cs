using Compliance.Audit.Entries;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;

namespace Compliance.Audit.SelfChecking;

/// <summary>
/// Compares what finds entries with the entries: whoever can't change an entry may still want to hide it from a search, or have its event recorded a
/// second time. The index of the segment at the end of the log is in memory, made from the entries themselves.
/// </summary>
internal sealed class IndexCheck(IAuditStore store, LogPosition position, Func<CancellationToken, Task> pause, SelfCheckFindings findings)
{
    private const int Slice = 256;

    private readonly Dictionary<long, List<int>> _offsets = [];
    private readonly long _unfinished = Posting.SegmentOf(position.Edge.Size);
    private long _segment = Posting.SegmentOf(position.PrunedTo);

    public async Task TakeAsync(IReadOnlyList<(long Index, AuditEntryRecord Said)> entries, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync([.. entries.Select(static entry => entry.Said.EventId).Distinct()], cancellationToken);
        foreach (var (index, said) in entries)
        {
            if (found.GetValueOrDefault(said.EventId, -1) != index)
            {
                findings.Add($"the event of entry {index} is not found by its id");
            }

            if (Posting.SegmentOf(index) != _segment)
            {
                await FinishAsync(cancellationToken);
                _segment = Posting.SegmentOf(index);
            }

            if (_segment < _unfinished)
            {
                Add(index, Terms.Of(said));
            }
        }
    }

    /// <summary>Compares the segment that the last entries were of.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        var compared = 0;
        foreach (var (term, offsets) in _offsets)
        {
            var stored = await store.ReadPostingAsync(_segment, term, cancellationToken);
            var start = _segment * Posting.SegmentLength;
            if (!offsets.Select(offset => start + offset).SequenceEqual(Stored(stored)))
            {
                findings.Add($"the search index does not lead to entry {start + offsets[0]} and its like");
            }

            if (++compared % Slice == 0)
            {
                await pause(cancellationToken);
            }
        }

        _offsets.Clear();
    }

    /// <summary>Entries that the store has for a term, without those that were pruned from the front of the segment.</summary>
    private IEnumerable<long> Stored(Posting? posting) => posting?.Entries().SkipWhile(index => index < position.PrunedTo) ?? [];

    private void Add(long index, long[] terms)
    {
        foreach (var term in terms)
        {
            if (!_offsets.TryGetValue(term, out var offsets))
            {
                _offsets.Add(term, offsets = new List<int>(1));
            }

            offsets.Add((int)(index % Posting.SegmentLength));
        }
    }
}
