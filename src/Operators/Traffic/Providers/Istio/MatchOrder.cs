using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>
/// The order in which matches are tried (HTTPRouteRule.matches in the Gateway API, and our own Gateway): exact paths, expressions, then prefixes, the
/// longer first; then those with a method, with most headers, with most query parameters; among equals as they are written.
/// </summary>
internal static class MatchOrder
{
    /// <summary>Each match with its route; null for a route that takes every request.</summary>
    public static IEnumerable<(RouteOfService Route, RouteMatch? Match)> Of(IEnumerable<RouteOfService> routes) => routes
        .SelectMany(static route => route.Route.Matches.Count == 0 ? [(route, null)] : route.Route.Matches.Select(match => (Route: route, Match: (RouteMatch?)match)))
        .OrderBy(static rule => Rank(rule.Match?.Path))
        .ThenByDescending(static rule => rule.Match?.Path?.Value.Length ?? 0)
        .ThenBy(static rule => rule.Match?.Method is null)
        .ThenByDescending(static rule => rule.Match?.Headers.Count ?? 0)
        .ThenByDescending(static rule => rule.Match?.QueryParams.Count ?? 0);

    private static int Rank(PathMatch? path) => path?.Type switch
    {
        PathMatchType.Exact => 0,
        PathMatchType.RegularExpression => 1,
        _ => 2,
    };
}
