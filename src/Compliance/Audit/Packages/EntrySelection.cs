using System.Runtime.CompilerServices;
using Compliance.Audit.Tiles;

namespace Compliance.Audit.Packages;

/// <summary>
/// Entries of a query in the order of the log. The store finds them newest first, so their indexes come first, as ranges (16 bytes each, one for a
/// whole period), and then the entries, read forwards.
/// </summary>
internal static class EntrySelection
{
    private const int PageSize = 1000;

    /// <summary>Entries so near to each other are read in one go.</summary>
    private const int NearBy = 512;

    public static async IAsyncEnumerable<AuditEntry> ReadAsync(
        IAuditReader reader, AuditQuery query, long from, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isAll = query == new AuditQuery();
        var ranges = isAll ? [new LeafRange(from, end)] : await FindAsync(reader, query, from, end, cancellationToken);
        for (var i = 0; i < ranges.Count;)
        {
            var last = i;
            while (last + 1 < ranges.Count && ranges[last + 1].Start - ranges[last].End < NearBy)
            {
                last++;
            }

            await foreach (var entry in reader.ReadAsync(ranges[i].Start, ranges[last].End, cancellationToken))
            {
                while (i < last && entry.Index >= ranges[i].End)
                {
                    i++;
                }

                if (entry.Index >= ranges[i].Start && entry.Index < ranges[i].End)
                {
                    yield return entry;
                }
            }

            i = last + 1;
        }
    }

    /// <summary>Where entries are that match, from the left.</summary>
    private static async Task<List<LeafRange>> FindAsync(IAuditReader reader, AuditQuery query, long from, long end, CancellationToken cancellationToken)
    {
        List<LeafRange> ranges = [];
        var before = end;
        while (before > from)
        {
            var page = await reader.SearchAsync(query, before, PageSize, cancellationToken);
            foreach (var index in page.Select(static entry => entry.Index).Where(index => index >= from))
            {
                if (ranges.Count > 0 && ranges[^1].Start == index + 1)
                {
                    ranges[^1] = ranges[^1] with { Start = index };
                }
                else
                {
                    ranges.Add(new LeafRange(index, index + 1));
                }
            }

            before = page.Count < PageSize ? from : page[^1].Index;
        }

        ranges.Reverse();
        return ranges;
    }
}
