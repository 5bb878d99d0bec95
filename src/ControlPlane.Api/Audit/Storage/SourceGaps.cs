using System.Collections.Immutable;
using System.Globalization;
using Compliance.Audit.Sequencing;

namespace ControlPlane.Api.Audit.Storage;

/// <summary>Missing numbers of a source as a store keeps them: <c>3-5,9-9</c>.</summary>
internal static class SourceGaps
{
    public static string Write(IEnumerable<SequenceRange> ranges) => string.Join(',', ranges.Select(static range => FormattableString.Invariant($"{range.First}-{range.Last}")));

    public static ImmutableList<SequenceRange> Read(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static range => range.Split('-')).Select(static ends => new SequenceRange(Number(ends[0]), Number(ends[1])))];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
