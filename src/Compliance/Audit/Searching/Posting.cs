namespace Compliance.Audit.Searching;

/// <summary>
/// Entries that have a term, as one block of an inverted index: what one batch of the log brought. The log is cut into segments, and the index
/// is ordered by segment first, so that writing touches a part of bounded size however long the log grows.
/// </summary>
/// <param name="Segment">Segment: the index of the entry divided by <see cref="SegmentLength"/>.</param>
/// <param name="Term">The term.</param>
/// <param name="First">Index of the first entry.</param>
/// <param name="Rest">Distances from each entry to the next, as 7-bit variable-length numbers; empty when there is one entry only.</param>
public sealed record Posting(long Segment, long Term, long First, byte[] Rest)
{
    /// <summary>Entries of a segment.</summary>
    public const long SegmentLength = 1 << 20;

    /// <summary>Segment of an entry.</summary>
    public static long SegmentOf(long index) => index / SegmentLength;

    /// <summary>The entries, in order.</summary>
    public IEnumerable<long> Entries()
    {
        var index = First;
        yield return index;
        for (var at = 0; at < Rest.Length;)
        {
            long distance = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = Rest[at++];
                distance |= (long)(part & 0x7f) << shift;
                if (part < 0x80)
                {
                    break;
                }
            }

            index += distance;
            yield return index;
        }
    }
}
