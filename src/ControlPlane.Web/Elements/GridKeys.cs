namespace ControlPlane.Web.Elements;

/// <summary>Where keys lead in a list that has the focus as a whole.</summary>
internal static class GridKeys
{
    private const int PageOfRows = 20;

    /// <summary>The row that a key leads to; null for other keys.</summary>
    /// <param name="key">The key.</param>
    /// <param name="at">The active row; -1 for none.</param>
    /// <param name="count">How many rows there are; at least one.</param>
    public static int? Next(string key, int at, int count)
    {
        int? next = key switch
        {
            "ArrowDown" => at + 1,
            "ArrowUp" => at - 1,
            "PageDown" => at + PageOfRows,
            "PageUp" => at - PageOfRows,
            "Home" => 0,
            "End" => count - 1,
            _ => null,
        };
        return next is { } row ? Math.Clamp(row, 0, count - 1) : null;
    }
}
