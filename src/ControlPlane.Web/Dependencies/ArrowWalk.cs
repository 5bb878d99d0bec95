namespace ControlPlane.Web.Dependencies;

/// <summary>Where an arrow key leads from a node of a layered picture.</summary>
internal static class ArrowWalk
{
    /// <summary>Up and down: the next in the layer. Left and right: the nearest in the next layer that it is joined with, else the nearest there.</summary>
    /// <param name="places">Key, layer and top edge of each node, by layer and from top to bottom.</param>
    /// <param name="from">Where it starts.</param>
    /// <param name="key">The key that was pressed.</param>
    /// <param name="areJoined">Whether there is an edge between two nodes.</param>
    /// <returns>The node that it leads to; null when it leads nowhere.</returns>
    public static string? Next(IReadOnlyList<(string Key, int Layer, double Y)> places, string? from, string key, Func<string, string, bool> areJoined)
    {
        var at = places.FirstOrDefault(place => place.Key == from);
        if (at.Key is null)
        {
            return null;
        }

        var way = key is "ArrowLeft" or "ArrowUp" ? -1 : 1;
        switch (key)
        {
            case "ArrowUp" or "ArrowDown":
                var layer = places.Where(place => place.Layer == at.Layer).ToList();
                return layer.ElementAtOrDefault(layer.IndexOf(at) + way).Key;
            case "ArrowLeft" or "ArrowRight":
                return places
                    .Where(place => Math.Sign(place.Layer - at.Layer) == way)
                    .OrderByDescending(place => areJoined(at.Key, place.Key))
                    .ThenBy(place => Math.Abs(place.Layer - at.Layer))
                    .ThenBy(place => Math.Abs(place.Y - at.Y))
                    .FirstOrDefault().Key;
            default:
                return null;
        }
    }
}
