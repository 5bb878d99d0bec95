using System.Globalization;
using System.Text.RegularExpressions;

namespace Compliance.Audit.Tiles;

/// <summary>
/// Where a tile, or a bundle of entries, is found under a log's address (C2SP tlog-tiles): <c>tile/0/x001/x234/067.p/112</c>.
/// </summary>
/// <param name="Level">Level of the tile, 0 to 63; null for a bundle of entries.</param>
/// <param name="Index">Index on its level.</param>
/// <param name="Width">Hashes or entries, 1 to 256; below 256 it is at the right edge of the tree.</param>
public sealed partial record TilePath(int? Level, long Index, int Width)
{
    /// <summary>Hashes of a whole tile.</summary>
    public const int FullWidth = 256;

    /// <summary>Levels of the binary tree in a tile.</summary>
    public const int Height = 8;

    private const int HighestLevel = 63;

    /// <summary>Tile of a level, as it is in a tree of a size; null when it is empty there.</summary>
    public static TilePath? InTree(int? level, long index, long size)
    {
        var width = level > 7 ? 0 : Math.Min(FullWidth, (size >> (Height * (level ?? 0))) - (index * FullWidth));
        return width > 0 ? new TilePath(level, index, (int)width) : null;
    }

    /// <summary>Reads a path.</summary>
    /// <returns>Null when it is not the one spelling of a tile's path.</returns>
    public static TilePath? TryParse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var match = Pattern().Match(path);
        if (!match.Success
            || !long.TryParse(match.Groups["n"].Value.Replace("x", "", StringComparison.Ordinal).Replace("/", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return null;
        }

        int? level = match.Groups["l"].Success ? int.Parse(match.Groups["l"].Value, CultureInfo.InvariantCulture) : null;
        var width = match.Groups["w"].Success ? int.Parse(match.Groups["w"].Value, CultureInfo.InvariantCulture) : FullWidth;
        var tile = new TilePath(level, index, width);
        return level is null or <= HighestLevel && width is > 0 and <= FullWidth && tile.ToString() == path ? tile : null;
    }

    /// <summary>The path.</summary>
    public override string ToString()
    {
        var name = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = Index / 1000; rest > 0; rest /= 1000)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:000}/{name}");
        }

        var level = Level?.ToString(CultureInfo.InvariantCulture) ?? "entries";
        return Width == FullWidth ? $"tile/{level}/{name}" : string.Create(CultureInfo.InvariantCulture, $"tile/{level}/{name}.p/{Width}");
    }

    [GeneratedRegex(@"\Atile/(?:(?<l>0|[1-9][0-9]?)|entries)/(?<n>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?<w>[1-9][0-9]{0,2}))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
