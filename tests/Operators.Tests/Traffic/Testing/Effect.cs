using System.Text.Json.Nodes;

namespace Operators.Tests.Traffic.Testing;

/// <summary>Settings that mean nothing beside others, by what the policy itself says: no provider can make them seen.</summary>
internal static class Effect
{
    /// <summary>Methods that are repeated unless a policy says which.</summary>
    private static readonly string[] Default = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

    /// <summary>False for a setting that another one stands in the place of.</summary>
    public static bool Of(PolicySetting setting, PolicySet specs)
    {
        var (field, traffic) = (setting.Field, specs.Traffic);
        var tries = (long?)traffic["retries"]?["attempts"] > 0;
        return field switch
        {
            "spec.timeouts.request" or "spec.timeouts.backendRequest" when Routes(traffic) is { Count: > 0 } routes && routes.TrueForAll(route => Timeout(route, field) is not null) => false,
            "spec.timeouts.backendRequest" or "spec.routes.timeouts.backendRequest" => !(tries && traffic["retries"]!["perTryTimeout"] is not null) && (tries || !Requests(traffic).Contains(setting.ValueIn(specs))),

            // One try that may take less is all there is to a request that is not repeated.
            "spec.timeouts.request" or "spec.routes.timeouts.request" => !(LimitsTries(traffic) || Routes(traffic).Exists(LimitsTries)) || (tries && Methods(traffic).TrueForAll(Repeatable)),
            "spec.retries.methods" => tries && Methods(traffic).Contains(null),
            "spec.retries.attempts" => Methods(traffic).Exists(Repeatable),
            _ when field.StartsWith("spec.retries.", StringComparison.Ordinal) => tries && Methods(traffic).Exists(Repeatable),
            _ => true,
        };

        bool Repeatable(string? method) => method is null || Repeated(traffic).Contains(method);
    }

    private static IEnumerable<string> Repeated(JsonObject traffic) => traffic["retries"]?["methods"] is JsonArray { Count: > 0 } methods ? methods.Select(method => (string)method!) : Default;

    /// <summary>The methods that routes are for; null for every one.</summary>
    private static List<string?> Methods(JsonObject traffic) => Routes(traffic) is { Count: > 0 } routes
        ? [.. routes.SelectMany(route => route["matches"] is JsonArray { Count: > 0 } matches ? matches.Select(match => (string?)match!["method"]) : [null])]
        : [null];

    private static List<JsonObject> Routes(JsonObject traffic) => [.. (traffic["routes"] as JsonArray ?? []).Select(route => route!.AsObject())];

    private static JsonNode? Timeout(JsonObject holder, string field) => holder["timeouts"]?[field.Split('.')[^1]];

    /// <summary>Limits of whole requests: one try that may take as long says nothing more.</summary>
    private static IEnumerable<string> Requests(JsonObject traffic) => Routes(traffic).Append(traffic).Select(static holder => (string?)holder["timeouts"]?["request"]).OfType<string>();

    private static bool LimitsTries(JsonObject holder) => holder["timeouts"]?["backendRequest"] is not null;
}
