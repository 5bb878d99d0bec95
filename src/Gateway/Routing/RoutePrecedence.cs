using ControlPlane.Kubernetes.Resources;

namespace Gateway.Routing;

/// <summary>
/// Which match of a host goes first (HTTPRouteRule.matches in the Gateway API): exact paths, then the longest prefix, then one with a method,
/// then most headers, then most parameters; among equals the oldest route, then the first by name, then the first rule. Where expressions
/// stand is left to the gateway: between exact paths and prefixes, the longer first.
/// </summary>
internal sealed class RoutePrecedence : IComparer<RouteMatch>
{
    public static RoutePrecedence Instance { get; } = new();

    public int Compare(RouteMatch? x, RouteMatch? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ReadOnlySpan<int> order =
        [
            x.Path.Kind.CompareTo(y.Path.Kind),
            y.Path.Value.Length.CompareTo(x.Path.Value.Length),
            (x.Method is null).CompareTo(y.Method is null),
            y.Headers.Count.CompareTo(x.Headers.Count),
            y.Query.Count.CompareTo(x.Query.Count),
            x.RouteCreated.CompareTo(y.RouteCreated),
            ObjectKey.ListOrder.Compare(x.Rule.Id.Route, y.Rule.Id.Route),
            x.Rule.Id.Index.CompareTo(y.Rule.Id.Index),
        ];
        var first = order.IndexOfAnyExcept(0);
        return first < 0 ? 0 : order[first];
    }
}
