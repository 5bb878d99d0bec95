using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ControlPlane.Api.Problems;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Lists;

/// <summary>A page of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="Total">How many match in all.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextCursor, int Total);

/// <summary>A list that is always told whole.</summary>
/// <param name="Items">The items.</param>
public sealed record WholeList<T>(IReadOnlyList<T> Items);

/// <summary>Cuts lists into pages. These lists are short and change seldom, so a cursor counts what came before.</summary>
internal static class Paging
{
    public const int DefaultPage = 50;
    public const int LargestPage = 500;

    public static async Task<ListPage<TView>> PageAsync<T, TView>(
        this IQueryable<T> sorted, string? cursor, int limit, Func<T, TView> view, CancellationToken cancellationToken)
    {
        var skip = Check(cursor, limit);
        var total = await sorted.CountAsync(cancellationToken);
        var items = await sorted.Skip(skip).Take(limit).ToListAsync(cancellationToken);
        return new(items.ConvertAll(item => view(item)), Next(skip + items.Count, total), total);
    }

    public static ListPage<T> Page<T>(this IReadOnlyList<T> sorted, string? cursor, int limit)
    {
        var skip = Check(cursor, limit);
        List<T> items = [.. sorted.Skip(skip).Take(limit)];
        return new(items, Next(skip + items.Count, sorted.Count), sorted.Count);
    }

    public static string Write(int skip) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(skip.ToString(CultureInfo.InvariantCulture)));

    private static string? Next(int end, int total) => end < total ? Write(end) : null;

    private static int Check(string? cursor, int limit) => limit is < 1 or > LargestPage
        ? throw RequestException.BadParameter("limit", $"limit must be from 1 to {LargestPage}")
        : Read(cursor);

    private static int Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return 0;
        }

        return Base64Url.IsValid(cursor) && int.TryParse(Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)), NumberStyles.None, CultureInfo.InvariantCulture, out var skip)
            ? skip
            : throw RequestException.BadParameter("cursor", "cursor is not one that this API gave out");
    }
}
