using System.Text.Json.Nodes;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.GatewayApi;

/// <summary>What policies of Envoy Gateway are attached to: the service's HTTPRoute.</summary>
internal static class RouteTarget
{
    public static JsonObject Of(TrafficSnapshot snapshot) => new()
    {
        ["targetRefs"] = new JsonArray(new JsonObject
        {
            ["group"] = TrafficKinds.HttpRoutes.Group,
            ["kind"] = TrafficKinds.HttpRoutes.Kind,
            ["name"] = TrafficObject.NameOf(snapshot.Service, part: null),
        }),
    };
}
