using System.Globalization;
using System.Text.Json.Nodes;

namespace ControlPlane.Api.Fleet;

/// <summary>A property of a workload, as it is declared and as it runs.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Declared">Value in the declaration; null when it says nothing, or when somebody else runs the workload.</param>
/// <param name="Running">Value in the cluster; null when there is none, or no workload.</param>
public sealed record ComparedProperty(string Name, string? Declared, string? Running)
{
    /// <summary>True when something declared is not so.</summary>
    public bool Differs => Declared is not null && Declared != Running;
}

/// <summary>Reads from a Deployment, StatefulSet or DaemonSet what people ask first, and sets what is planned beside what runs.</summary>
public static class WorkloadComparison
{
    private static readonly (string Name, Func<JsonObject, string?> Read)[] Properties =
    [
        ("Image", static workload => (string?)Container(workload)?["image"]),
        ("Requests per instance", static workload => Quantities(Container(workload)?["resources"]?["requests"])),
        ("Limits per instance", static workload => Quantities(Container(workload)?["resources"]?["limits"])),
        ("Readiness probe", static workload => Probe(Container(workload)?["readinessProbe"])),
        ("Liveness probe", static workload => Probe(Container(workload)?["livenessProbe"])),
        ("Startup probe", static workload => Probe(Container(workload)?["startupProbe"])),
        ("Rollout", static workload => Rollout(workload["spec"]?["strategy"] ?? workload["spec"]?["updateStrategy"])),
        ("Time to leave", static workload => (long?)Pod(workload)?["terminationGracePeriodSeconds"] is { } seconds ? $"{Text(seconds)} s" : null),
        ("Runs as", static workload => User(Pod(workload)?["securityContext"])),
    ];

    /// <summary>Compares; either side may be absent.</summary>
    public static IReadOnlyList<ComparedProperty> Of(JsonObject? declared, JsonObject? running) =>
    [
        .. Properties
            .Select(property => new ComparedProperty(
                property.Name, declared is null ? null : property.Read(declared), running is null ? null : property.Read(running)))
            .Where(property => property.Declared is not null || property.Running is not null),
    ];

    private static JsonNode? Pod(JsonObject workload) => workload["spec"]?["template"]?["spec"];

    private static JsonNode? Container(JsonObject workload) => Pod(workload)?["containers"] is JsonArray { Count: > 0 } containers ? containers[0] : null;

    private static string? Quantities(JsonNode? resources) => resources is JsonObject { Count: > 0 } named
        ? string.Join(", ", named.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} {entry.Value}"))
        : null;

    private static string? Probe(JsonNode? probe)
    {
        if (probe is null)
        {
            return null;
        }

        var how = probe switch
        {
            _ when probe["httpGet"] is { } http => $"GET {http["path"]} on {http["port"]}",
            _ when probe["tcpSocket"] is { } tcp => $"connects to {tcp["port"]}",
            _ when probe["grpc"] is { } grpc => $"gRPC on {grpc["port"]}",
            _ => "runs a command",
        };
        return $"{how}, every {probe["periodSeconds"] ?? 10} s, fails after {probe["failureThreshold"] ?? 3}";
    }

    private static string? Rollout(JsonNode? strategy) => (string?)strategy?["type"] switch
    {
        null => null,
        "RollingUpdate" when strategy["rollingUpdate"] is { } rolling => $"rolling, {rolling["maxSurge"] ?? 0} more, {rolling["maxUnavailable"] ?? 0} fewer",
        var type => type,
    };

    private static string? User(JsonNode? security)
    {
        if (security is null)
        {
            return null;
        }

        var user = (long?)security["runAsUser"] is { } id ? $"user {Text(id)}" : "the image's user";
        return (bool?)security["runAsNonRoot"] == true ? $"{user}, never root" : user;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
