using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>
/// The HTTPRoutes by which a service is reached through Gateways: one with its routes, and where plain HTTP is led to HTTPS one more for port 80,
/// while the first keeps to port 443. Without Gateways there are none.
/// </summary>
internal static class HttpRoutes
{
    private const string RedirectPart = "https-redirect";
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <summary>Most that the schema takes of rules in a route, and of matches in all its rules.</summary>
    private const int MaxRules = 16, MaxMatches = 128;

    private static readonly string[] OfRoute = ["spec.gatewayRefs", "spec.hostnames", "spec.httpsRedirect"];
    private static readonly string[] OfRules = ["spec.timeouts.request", "spec.timeouts.backendRequest", "spec.retries", "spec.requestHeaders", "spec.responseHeaders", "spec.cors"];

    public static IEnumerable<DesiredObject> Plan(TrafficSnapshot snapshot, HttpRouteDialect dialect, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        if (traffic.GatewayRefs is not { Count: > 0 })
        {
            unsupported.AddIf(traffic.Hostnames is { Count: > 0 }, "spec.hostnames", "host names are those at Gateways, and spec.gatewayRefs names none");
            unsupported.AddIf(traffic.HttpsRedirect == true, "spec.httpsRedirect", "Gateways lead to HTTPS, and spec.gatewayRefs names none");
            yield break;
        }

        if (snapshot.Port is not { } port)
        {
            ReportWithout(snapshot, OfRoute, "the port of the service's Service is not known yet", unsupported);
            yield break;
        }

        var rules = Rules(snapshot, port, dialect, unsupported);
        if (rules.Count == 0)
        {
            ReportWithout(snapshot, [.. OfRoute, .. OfRules], "no route is left that it could hold for", unsupported); // an HTTPRoute without rules would take everything
            yield break;
        }

        var redirects = dialect.RedirectRoute && traffic.HttpsRedirect == true;
        yield return TrafficObject.WithSpec(
            TrafficKinds.HttpRoutes,
            snapshot.Service,
            part: null,
            Spec(snapshot, redirects ? HttpsPort : null, rules),
            dialect.Annotations);
        if (redirects)
        {
            var filter = new JsonObject
            {
                ["type"] = "RequestRedirect",
                ["requestRedirect"] = new JsonObject { ["scheme"] = "https", ["statusCode"] = 301 },
            };
            yield return TrafficObject.WithSpec(
                TrafficKinds.HttpRoutes, snapshot.Service, RedirectPart, Spec(snapshot, HttpPort, [new JsonObject { ["filters"] = new JsonArray(filter) }]));
        }
    }

    private static void ReportWithout(TrafficSnapshot snapshot, string[] fields, string lack, UnsupportedSettings unsupported)
    {
        foreach (var setting in snapshot.Policy.Settings.Where(setting => fields.Contains(setting.Field)))
        {
            unsupported.Add(setting.Field, lack);
        }
    }

    private static JsonObject Spec(TrafficSnapshot snapshot, int? port, JsonArray rules)
    {
        var traffic = snapshot.Policy.Traffic;
        return new JsonObject()
            .Put("parentRefs", GatewaysOf(snapshot).Select(gateway => new JsonObject
            {
                ["group"] = TrafficKinds.HttpRoutes.Group,
                ["kind"] = "Gateway",
                ["name"] = gateway.Name,
                ["namespace"] = gateway.Namespace,
            }.Put("port", port)).ToJson())
            .Put("hostnames", (traffic.Hostnames ?? []).ToJson())
            .Put("rules", rules);
    }

    /// <summary>The Gateways, each once.</summary>
    public static IEnumerable<ObjectKey> GatewaysOf(TrafficSnapshot snapshot) => (snapshot.Policy.Traffic.GatewayRefs ?? [])
        .Select(gateway => new ObjectKey(gateway.Namespace.Length > 0 ? gateway.Namespace : snapshot.Service.Metadata.Namespace, gateway.Name))
        .Distinct();

    private static JsonArray Rules(TrafficSnapshot snapshot, int port, HttpRouteDialect dialect, UnsupportedSettings unsupported)
    {
        var rules = new JsonArray();
        var matches = 0;
        foreach (var route in TrafficRoutes.Of(snapshot.Policy.Traffic))
        {
            if (route.HasQueryParams && !dialect.QueryParams)
            {
                unsupported.Add(route.Field, $"{dialect.Engine} can't tell requests apart by query parameters; the route is left out");
                continue;
            }

            matches += Math.Max(1, route.Route.Matches.Count);
            if (rules.Count == MaxRules || matches > MaxMatches)
            {
                unsupported.Add(route.Field, $"an HTTPRoute takes {MaxRules} rules and {MaxMatches} matches; the route is left out");
                continue;
            }

            rules.Add(Rule(snapshot, route, port, dialect, unsupported));
        }

        return rules;
    }

    private static JsonObject Rule(TrafficSnapshot snapshot, RouteOfService route, int port, HttpRouteDialect dialect, UnsupportedSettings unsupported)
    {
        var timeouts = new JsonObject();
        if (dialect.RequestTimeouts)
        {
            timeouts.Put("request", route.RequestTimeout);
        }

        timeouts.Put("backendRequest", dialect.TryLimit ?? (dialect.TryTimeouts ? route.TryTimeout : null));

        return new JsonObject()
            .Put("name", route.Route.Name.Length > 0 ? route.Route.Name : null)
            .Put("matches", route.Route.Matches.Select(match => Match(match, dialect)).ToJson())
            .Put("filters", Filters(snapshot.Policy.Traffic, dialect, unsupported).ToJson())
            .Put("backendRefs", Backends(snapshot, route.Route, port).ToJson())
            .Put("timeouts", timeouts);
    }

    private static IEnumerable<JsonObject> Backends(TrafficSnapshot snapshot, TrafficRoute route, int port) => route.BackendRefs.Count == 0
        ? [new JsonObject { ["name"] = snapshot.Front.Name, ["port"] = port }]
        : route.BackendRefs.Select(backend => new JsonObject { ["name"] = backend.Name, ["port"] = backend.Port ?? port, ["weight"] = backend.Weight });

    private static JsonObject Match(RouteMatch match, HttpRouteDialect dialect)
    {
        var json = new JsonObject();
        if (match.Path is { } path)
        {
            var open = dialect.OpenExpressions && path.Type == PathMatchType.RegularExpression && !path.Value.EndsWith('$');
            json["path"] = new JsonObject { ["type"] = path.Type.ToString(), ["value"] = open ? $"{path.Value}$" : path.Value };
        }

        return json
            .Put("method", match.Method)
            .Put("headers", match.Headers.Select(Value).ToJson())
            .Put("queryParams", match.QueryParams.Select(Value).ToJson());
    }

    private static JsonObject Value(ValueMatch match) => new() { ["name"] = match.Name, ["type"] = match.Type.ToString(), ["value"] = match.Value };

    private static IEnumerable<JsonObject> Filters(TrafficPolicySpec traffic, HttpRouteDialect dialect, UnsupportedSettings unsupported)
    {
        if (dialect.HeaderEdits && HeaderFilter.Of(traffic.RequestHeaders, "spec.requestHeaders", unsupported) is { } request)
        {
            yield return new JsonObject { ["type"] = "RequestHeaderModifier", ["requestHeaderModifier"] = request };
        }

        if (dialect.HeaderEdits && HeaderFilter.Of(traffic.ResponseHeaders, "spec.responseHeaders", unsupported) is { } response)
        {
            yield return new JsonObject { ["type"] = "ResponseHeaderModifier", ["responseHeaderModifier"] = response };
        }

        if (dialect.Cors && traffic.Cors is { } cors)
        {
            yield return new JsonObject { ["type"] = "CORS", ["cors"] = CorsFilter.Of(cors, unsupported) };
        }
    }
}
