using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>What gateways lack that stand at the edge and not between services.</summary>
internal static class EdgeGateway
{
    /// <summary>True when a Gateway leads to the service and its port is known. Otherwise every setting of it is reported but who may call, which NetworkPolicy holds.</summary>
    public static bool Reaches(TrafficSnapshot snapshot, string engine, UnsupportedSettings unsupported)
    {
        if (snapshot.Policy.Traffic.GatewayRefs is { Count: > 0 } && snapshot.Port is not null)
        {
            return true;
        }

        var lack = snapshot.Port is null ? "the port of the service's Service is not known yet" : $"{engine} stands at the edge, and spec.gatewayRefs names no Gateway that leads to the service";
        foreach (var setting in snapshot.Policy.Settings.Where(static setting => !IsNeverTheirs(setting.Field)))
        {
            unsupported.Add(setting.Field, lack);
        }

        ReportMissing(snapshot, engine, unsupported);
        return false;
    }

    /// <summary>Reports what only a mesh can do, and what only our own gateway does.</summary>
    public static void ReportMissing(TrafficSnapshot snapshot, string engine, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        unsupported.AddIf(traffic.MutualTls is not null, "spec.mutualTls", $"{engine} is no mesh; between services NetworkPolicy alone guards");
        foreach (var schema in traffic.RequestSchemas)
        {
            unsupported.Add($"spec.requestSchemas[{schema.Name}]", $"{engine} does not look into bodies");
        }

        ReportAccess(snapshot, engine, unsupported);
    }

    /// <summary>Why no rollout can share the requests to a service.</summary>
    public static string SplitGap(string engine) =>
        $"{engine} shares requests among Services, and a rollout has one Service for both versions; between services it does not stand at all";

    private static bool IsNeverTheirs(string field) => field is "spec.access" or "spec.mutualTls" || field.StartsWith("spec.requestSchemas[", StringComparison.Ordinal);

    /// <summary>Callers are held by NetworkPolicy, which the registry keeps; it knows neither methods nor paths.</summary>
    private static void ReportAccess(TrafficSnapshot snapshot, string engine, UnsupportedSettings unsupported)
    {
        if (snapshot.Policy.Traffic.Access is not { } access)
        {
            return;
        }

        if (snapshot.Service.Spec.Workload is not { Network.Enabled: true })
        {
            unsupported.Add("spec.access", "NetworkPolicy holds who may call, and the operator keeps none for this service");
            return;
        }

        unsupported.AddIf(access.Allow.Any(static rule => rule.Methods.Count > 0), "spec.access.allow.methods", Lack(engine));
        unsupported.AddIf(access.Allow.Any(static rule => rule.Paths.Count > 0), "spec.access.allow.paths", Lack(engine));
    }

    private static string Lack(string engine) => $"{engine} does not know which service calls; NetworkPolicy lets the callers in with every method and path";
}
