using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>
/// Where requests between services go. A VirtualService takes the first rule that fits, so its rules are put in the order that the Gateway API gives to
/// matches; and it repeats requests of every method, so a rule with retries is split in two: methods that may be repeated, and the others.
/// </summary>
internal static class VirtualService
{
    public static DesiredObject? Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        if (!IsNeeded(traffic) && snapshot.Split is null)
        {
            return null;
        }

        if (traffic.Retries is { } retries)
        {
            ReportLost(retries, unsupported);
        }

        return TrafficObject.WithSpec(TrafficKinds.VirtualServices, snapshot.Service, part: null, new JsonObject
        {
            ["hosts"] = new JsonArray(snapshot.Front.Name),
            ["http"] = MatchOrder.Of(TrafficRoutes.Of(traffic)).SelectMany(rule => RulesOfTracks(snapshot, rule.Route, rule.Match, unsupported)).ToJson(),
        });
    }

    private static bool IsNeeded(TrafficPolicySpec traffic) =>
        traffic.Routes.Count > 0 || traffic.Timeouts is not null || traffic.Retries is not null
        || traffic.Cors is not null || traffic.RequestHeaders is not null || traffic.ResponseHeaders is not null;

    private static void ReportLost(TrafficRetries retries, UnsupportedSettings unsupported)
    {
        RetryRules.ReportBlurred(retries, unsupported);
        if (retries.Backoff is { } backoff)
        {
            unsupported.AddIf(PolicyDuration.IsNone(backoff.Base), "spec.retries.backoff.base", "the least pause is 1ms");
            unsupported.AddIf(PolicyDuration.Parse(backoff.Max) != PolicyDuration.Parse(backoff.Base) * 10, "spec.retries.backoff.max", "the longest pause is ten times the first");
        }
    }

    /// <summary>Before the rules of a match, those for what of it goes to the canary whatever the weight.</summary>
    private static IEnumerable<JsonObject> RulesOfTracks(TrafficSnapshot snapshot, RouteOfService route, RouteMatch? match, UnsupportedSettings unsupported) =>
        snapshot.Split?.Match is { } wanted && LeadsToFront(snapshot, route.Route) && TrackSubsets.Narrowed(match, wanted) is { } narrowed
            ? [.. Rules(snapshot with { Split = TrafficSplit.AllToCanary }, route, narrowed, unsupported), .. Rules(snapshot, route, match, unsupported)]
            : Rules(snapshot, route, match, unsupported);

    private static bool LeadsToFront(TrafficSnapshot snapshot, TrafficRoute route) =>
        route.BackendRefs.Count == 0 || route.BackendRefs.Any(backend => backend.Name == snapshot.Front.Name);

    private static IEnumerable<JsonObject> Rules(TrafficSnapshot snapshot, RouteOfService route, RouteMatch? match, UnsupportedSettings unsupported)
    {
        if (snapshot.Policy.Traffic.Retries is not { Attempts: > 0 } retries || RetryRules.RepeatsAll(retries))
        {
            yield return Rule(snapshot, route, Match(match, match?.Method), snapshot.Policy.Traffic.Retries, unsupported);
            yield break;
        }

        var repeatable = RetryRules.MethodsOf(retries);
        if (match?.Method is { } method)
        {
            yield return Rule(snapshot, route, Match(match, method), repeatable.Contains(method) ? retries : null, unsupported);
            yield break;
        }

        yield return Rule(snapshot, route, Match(match, string.Join('|', repeatable)), retries, unsupported);
        yield return Rule(snapshot, route, Match(match, methods: null), retries: null, unsupported);
    }

    private static JsonObject Rule(TrafficSnapshot snapshot, RouteOfService route, JsonObject? match, TrafficRetries? retries, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        var tries = retries is { Attempts: > 0 };
        return new JsonObject()
            .Put("name", route.Route.Name.Length > 0 ? route.Route.Name : null)
            .Put("match", match is { Count: > 0 } ? new JsonArray(match) : null)
            .Put("route", Destinations(snapshot, route.Route).ToJson())
            .Put("mirrors", LeadsToFront(snapshot, route.Route) ? TrackSubsets.Mirrors(snapshot) : null)
            .Put("timeout", PolicyDuration.Positive(tries ? route.RequestTimeout : PolicyDuration.Positive(route.TryTimeout) ?? route.RequestTimeout))
            .Put("retries", IsNeeded(traffic) ? Retries(route, retries) : null) // a rollout alone leaves the mesh's own retries as they are
            .Put("headers", new JsonObject().Put("request", Headers(traffic.RequestHeaders)).Put("response", Headers(traffic.ResponseHeaders)))
            .Put("corsPolicy", Cors(traffic.Cors, unsupported));
    }

    private static IEnumerable<JsonObject> Destinations(TrafficSnapshot snapshot, TrafficRoute route) => route.BackendRefs.Count == 0
        ? Destinations(snapshot, snapshot.Front.Name, new JsonObject { ["host"] = snapshot.Front.Name }, weight: null)
        : route.BackendRefs.SelectMany(backend => Destinations(
            snapshot, backend.Name, new JsonObject { ["host"] = backend.Name }.Put("port", backend.Port is { } port ? new JsonObject { ["number"] = port } : null), backend.Weight));

    /// <summary>Weights of others are multiplied as those of the two versions are, which share one.</summary>
    private static IEnumerable<JsonObject> Destinations(TrafficSnapshot snapshot, string host, JsonObject destination, int? weight) =>
        snapshot.Split is null ? [new JsonObject { ["destination"] = destination }.Put("weight", weight)]
        : host == snapshot.Front.Name ? TrackSubsets.Destinations(snapshot, destination, weight)
        : [new JsonObject { ["destination"] = destination, ["weight"] = weight * 100 }];

    /// <summary>Without retries none are made: absent, Istio's default of two would hold.</summary>
    private static JsonObject Retries(RouteOfService route, TrafficRetries? retries) => retries is not { Attempts: > 0 }
        ? new JsonObject { ["attempts"] = 0 }
        : new JsonObject { ["attempts"] = retries.Attempts, ["retryOn"] = string.Join(',', RetryRules.EnvoyTriggers(RetryRules.ConditionsOf(retries))) }
            .Put("perTryTimeout", PolicyDuration.Positive(retries.PerTryTimeout ?? route.TryTimeout))
            .Put("backoff", PolicyDuration.Positive(retries.Backoff?.Base));

    private static JsonObject? Match(RouteMatch? match, string? methods)
    {
        var json = new JsonObject();
        if (match is not null)
        {
            json.Put("uri", Uri(match.Path))
                .Put("headers", Values(match.Headers.Select(static header => header with { Name = header.Name.ToLowerInvariant() })))
                .Put("queryParams", Values(match.QueryParams));
        }

        return json.Put("method", methods is null ? null : new JsonObject { [methods.Contains('|', StringComparison.Ordinal) ? "regex" : "exact"] = methods });
    }

    private static JsonObject? Uri(PathMatch? path) => path switch
    {
        null => null,
        { Type: PathMatchType.Exact } => new() { ["exact"] = path.Value },
        { Type: PathMatchType.RegularExpression } => new() { ["regex"] = path.Value },
        _ => PathExpression.Prefix(path.Value) is { } expression ? new() { ["regex"] = expression } : new() { ["prefix"] = "/" },
    };

    /// <summary>Of two names that are one but for their case the first counts, as in the Gateway API.</summary>
    private static JsonObject Values(IEnumerable<ValueMatch> matches) =>
        new(matches.DistinctBy(static match => match.Name).Select(static match => KeyValuePair.Create(match.Name, (JsonNode?)new JsonObject { [match.Type == ValueMatchType.Exact ? "exact" : "regex"] = match.Value })));

    private static JsonObject? Headers(HeaderEdits? edits) => edits is null
        ? null
        : new JsonObject()
            .Put("set", edits.Set.Select(static header => KeyValuePair.Create(header.Name, header.Value)).ToJson())
            .Put("add", edits.Add.Select(static header => KeyValuePair.Create(header.Name, header.Value)).ToJson())
            .Put("remove", edits.Remove.ToJson());

    private static JsonObject? Cors(CrossOrigin? cors, UnsupportedSettings unsupported)
    {
        if (cors is null)
        {
            return null;
        }

        unsupported.AddIf(PolicyDuration.IsNone(cors.MaxAge), "spec.cors.maxAge", "the least is 1ms");
        return new JsonObject()
            .Put("allowOrigins", cors.AllowOrigins.Select(static origin => origin switch
            {
                "*" => new JsonObject { ["regex"] = ".*" },
                _ when origin.Contains('*', StringComparison.Ordinal) => new JsonObject { ["regex"] = PathExpression.Origin(origin) },
                _ => new JsonObject { ["exact"] = origin },
            }).ToJson())
            .Put("allowMethods", CorsFilter.MethodsOf(cors).ToJson())
            .Put("allowHeaders", cors.AllowHeaders.ToJson())
            .Put("exposeHeaders", cors.ExposeHeaders.ToJson())
            .Put("allowCredentials", cors.AllowCredentials ? true : null)
            .Put("maxAge", PolicyDuration.Positive(cors.MaxAge));
    }
}
