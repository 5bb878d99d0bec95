using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>The two versions of a service that a rollout moves, as subsets of its host by the label of their pods; and how requests are shared among them.</summary>
internal static class TrackSubsets
{
    /// <summary>What is said of cookies in excess of one.</summary>
    public const string OneCookie = "Istio compares the Cookie header as a whole: of several cookies in any order it can ask for one";

    /// <summary>The subsets.</summary>
    public static JsonArray Declared() => new[] { Tracks.Stable, Tracks.Canary }
        .Select(static track => new JsonObject { ["name"] = track, ["labels"] = new JsonObject { [Tracks.Label] = track } }).ToJson();

    /// <summary>Destinations of the requests to the service, with their weights; one alone has none.</summary>
    /// <param name="snapshot">The service.</param>
    /// <param name="destination">Where they go while no rollout moves it.</param>
    /// <param name="weight">Weight of that destination among others; null when it is the only one.</param>
    public static IEnumerable<JsonObject> Destinations(TrafficSnapshot snapshot, JsonObject destination, int? weight)
    {
        var split = snapshot.Split!;
        foreach (var (track, share) in new[] { (Tracks.Stable, 100 - split.Weight), (Tracks.Canary, split.Weight) }.Where(static part => part.Item2 > 0))
        {
            var subset = destination.DeepClone().AsObject();
            subset["subset"] = track;
            var json = new JsonObject { ["destination"] = subset };
            if (weight is not null || share < 100)
            {
                json["weight"] = (weight ?? 1) * share;
            }

            yield return json;
        }
    }

    /// <summary>Copies for the canary. Istio copies requests of both versions, so the share is that of all of them.</summary>
    public static JsonArray? Mirrors(TrafficSnapshot snapshot) => snapshot.Split is { Mirror: > 0, Weight: < 100 } split
        ? new JsonArray(new JsonObject
        {
            ["destination"] = new JsonObject { ["host"] = snapshot.Front.Name, ["subset"] = Tracks.Canary },
            ["percentage"] = new JsonObject { ["value"] = split.Mirror * (100 - split.Weight) / 100d },
        })
        : null;

    /// <summary>The requests of a match that go to the canary whatever the weight; null where there are none.</summary>
    public static RouteMatch? Narrowed(RouteMatch? match, RolloutMatch wanted)
    {
        var values = wanted.Headers.Select(static header => new ValueMatch { Name = header.Name.ToLowerInvariant(), Value = header.Value })
            .Concat(wanted.Cookies.Take(1).Select(static cookie => new ValueMatch
            {
                Name = "cookie", Type = ValueMatchType.RegularExpression, Value = $"(.*; *)?{PathExpression.Escape(cookie.Name)}={PathExpression.Escape(cookie.Value)}(;.*)?",
            })).ToList();
        var others = (match?.Headers ?? []).Where(header => !values.Exists(value => IsSame(value, header))).ToList();
        var contradicts = (match?.Headers ?? []).Any(header => header.Type == ValueMatchType.Exact && values.Exists(value => IsSame(value, header) && value.Value != header.Value));
        return contradicts ? null : (match ?? new RouteMatch()) with { Headers = [.. values, .. others] };
    }

    private static bool IsSame(ValueMatch a, ValueMatch b) => string.Equals(a.Name, b.Name, StringComparison.OrdinalIgnoreCase);
}
