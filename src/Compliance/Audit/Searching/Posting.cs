namespace Compliance.Audit.Searching;

/// <summary>
/// Entries of a segment that have a term. The log is cut into segments; a finished one is written to the index at once and in the order of the
/// index, so that writing only ever appends to it. The postings of the segment at the end of the log are in memory (<see cref="FreshIndex"/>).
/// </summary>
/// <param name="Segment">Segment: the index of the entry divided by <see cref="SegmentLength"/>.</param>
/// <param name="Term">The term.</param>
/// <param name="Distances">
/// Distance of the first entry from the start of the segment, and from each entry to the next, as 7-bit variable-length numbers.
/// </param>
public sealed record Posting(long Segment, long Term, byte[] Distances)
{
    /// <summary>Entries of a segment.</summary>
    public const int SegmentLength = 1 << 16;

    /// <summary>Segment of an entry.</summary>
    public static long SegmentOf(long index) => index / SegmentLength;

    /// <summary>Makes a posting of entries in order.</summary>
    /// <param name="segment">Segment.</param>
    /// <param name="term">Term.</param>
    /// <param name="offsets">Entries, counted from the start of the segment.</param>
    public static Posting Of(long segment, long term, IReadOnlyCollection<int> offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        List<byte> distances = new(offsets.Count + 2);
        var last = 0;
        foreach (var offset in offsets)
        {
            var distance = offset - last;
            for (; distance >= 0x80; distance >>= 7)
            {
                distances.Add((byte)(distance | 0x80));
            }

            distances.Add((byte)distance);
            last = offset;
        }

        return new Posting(segment, term, [.. distances]);
    }

    /// <summary>The entries, in order.</summary>
    public IEnumerable<long> Entries()
    {
        var index = Segment * SegmentLength;
        for (var at = 0; at < Distances.Length;)
        {
            var distance = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = Distances[at++];
                distance |= (part & 0x7f) << shift;
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
