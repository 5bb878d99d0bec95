using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace ControlPlane.Api.Traffic.Circuits;

/// <summary>
/// How a circuit is forced: by a CircuitPolicy of its own, which names the service and says nothing else. It wins over the policies of wider scope,
/// leaves those that people and GitOps tools keep as they are, and what it takes to undo it is to delete it.
/// </summary>
internal static class ForcedCircuits
{
    /// <summary>Tells such a policy from one that somebody gave the same name.</summary>
    public const string Label = FleetApi.Group + "/forced-circuit";

    /// <summary>Longest time: what shall hold for longer belongs into a policy that people keep.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(24);

    public static string NameFor(string service) => $"{service}-forced";

    public static JsonObject Manifest(ObjectKey service, ForcedCircuitState state, DateTimeOffset until, string reason) => new()
    {
        ["apiVersion"] = CircuitPolicy.ResourceType.ApiVersion,
        ["kind"] = CircuitPolicy.ResourceType.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = NameFor(service.Name),
            ["namespace"] = service.Namespace,
            ["labels"] = new JsonObject { [Label] = service.Name },
        },
        ["spec"] = new JsonObject
        {
            ["targetRefs"] = new JsonArray(new JsonObject { ["group"] = FleetApi.Group, ["kind"] = ManagedService.ResourceType.Kind, ["name"] = service.Name }),
            ["force"] = new JsonObject
            {
                ["state"] = state.ToString(),
                ["until"] = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
                ["reason"] = reason,
            },
        },
    };

    /// <summary>True when it was made here.</summary>
    public static bool IsOurs(JsonObject policy) => (policy["metadata"]?["labels"] as JsonObject)?.ContainsKey(Label) == true;
}
