using Compliance.Audit.Entries;
using Compliance.Audit.Tiles;

namespace Compliance.Audit.Verification;

/// <summary>Sources number their events without gaps: a number that is not there is an event that was lost, or never sent.</summary>
internal sealed class SourceWatch(bool isFromStart)
{
    private const string Check = "source sequences";
    private const int GapsShown = 20;
    private const int GapsKept = 10_000;

    private readonly Dictionary<string, Numbers> _sources = new(StringComparer.Ordinal);

    public void Take(long index, AuditEntryRecord entry)
    {
        if (entry.SourceSequence is not { } number)
        {
            return;
        }

        if (!_sources.TryGetValue(entry.Source, out var numbers))
        {
            _sources[entry.Source] = numbers = new Numbers { Next = isFromStart ? 1 : number };
        }

        numbers.Take(index, number);
    }

    public void Report(Findings findings)
    {
        var gaps = _sources.SelectMany(static source => source.Value.Missing.Select(gap => (Source: source.Key, gap.Range, gap.SeenAt))).ToList();
        foreach (var (source, range, index) in gaps.Take(GapsShown))
        {
            findings.Note(Check, $"{source} never told its events {range.Start} to {range.End - 1}", index);
        }

        if (gaps.Count == 0)
        {
            findings.Pass(Check, $"{_sources.Count} sources that number their events have no gaps");
        }
        else if (gaps.Count > GapsShown)
        {
            findings.Note(Check, $"{gaps.Count - GapsShown} further gaps");
        }
    }

    private sealed class Numbers
    {
        public long Next { get; set; }

        public List<(LeafRange Range, long SeenAt)> Missing { get; } = [];

        public void Take(long index, long number)
        {
            if (number >= Next)
            {
                if (number > Next && Missing.Count < GapsKept)
                {
                    Missing.Add((new LeafRange(Next, number), index));
                }

                Next = number + 1;
                return;
            }

            // Late: it fills a part of a gap.
            var at = Missing.FindIndex(gap => number >= gap.Range.Start && number < gap.Range.End);
            if (at >= 0)
            {
                var (range, seenAt) = Missing[at];
                Missing.RemoveAt(at);
                Missing.InsertRange(at, new[] { (range with { End = number }, seenAt), (range with { Start = number + 1 }, seenAt) }.Where(static part => part.Item1.Start < part.Item1.End));
            }
        }
    }
}
