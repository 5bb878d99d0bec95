using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Kong;

/// <summary>A plugin of Kong with its configuration.</summary>
internal static class KongPlugin
{
    /// <summary>The plugin, as an object that is called after the service and the plugin: there can be one of each for a service.</summary>
    public static DesiredObject Of(TrafficSnapshot snapshot, string plugin, JsonObject configuration) =>
        TrafficObject.WithFields(TrafficKinds.KongPlugins, snapshot.Service, plugin, new JsonObject { ["plugin"] = plugin, ["config"] = configuration });
}
