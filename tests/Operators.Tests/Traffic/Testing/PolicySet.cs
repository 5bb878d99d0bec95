using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using Operators.Registry;
using Operators.Registry.Baseline;
using Operators.Tests.Testing;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic.Testing;

/// <summary>One policy of each kind for a service, as people write their specs, and what providers make of them.</summary>
/// <param name="Traffic">Spec of the TrafficPolicy, without targets.</param>
/// <param name="RateLimit">Spec of the RateLimitPolicy.</param>
/// <param name="Circuit">Spec of the CircuitPolicy.</param>
internal sealed record PolicySet(JsonObject Traffic, JsonObject RateLimit, JsonObject Circuit)
{
    public const string Service = "order";

    /// <summary>The kinds of policies, in the order of the specs.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [TrafficPolicy.ResourceType.Kind, RateLimitPolicy.ResourceType.Kind, CircuitPolicy.ResourceType.Kind];

    public static PolicySet Empty => new([], [], []);

    /// <summary>Whether others run its pods, so that nothing of it is the operator's.</summary>
    public bool IsAdopted { get; init; }

    public int? Port { get; init; } = 8080;

    public TrafficSplit? Split { get; init; }

    public JsonObject SpecOf(string kind) => kind == Kinds[0] ? Traffic : kind == Kinds[1] ? RateLimit : Circuit;

    public PolicySet Copied() => this with { Traffic = Copy(Traffic), RateLimit = Copy(RateLimit), Circuit = Copy(Circuit) };

    public TrafficSnapshot Snapshot()
    {
        var service = IsAdopted ? Samples.Adopting(Service) : Samples.Service(Service);
        return new TrafficSnapshot(
            service,
            EffectivePolicy.Of(service, [Policy<TrafficPolicy>(Kinds[0], Traffic)], [Policy<RateLimitPolicy>(Kinds[1], RateLimit)], [Policy<CircuitPolicy>(Kinds[2], Circuit)]),
            Samples.Key(Service),
            Port,
            [new CallingService(Samples.Key("cart"), "cart"), new CallingService(Samples.Key("web", "front"), "web-account")]) { Split = Split };
    }

    /// <summary>All that a provider's plan brings about, as text: its objects, the annotations of the Service, and who may come in by network.</summary>
    public static string Outcome(ProviderPlan plan, TrafficSnapshot snapshot) => string.Join('\n', plan.Objects.Select(item => $"{item.Type} {item.Key.Name} {item.Fingerprint}")
        .Concat(plan.FrontAnnotations.Select(annotation => $"{annotation.Key}={annotation.Value}"))
        .Concat(Network(snapshot)));

    private static IEnumerable<string> Network(TrafficSnapshot snapshot)
    {
        var access = NetworkAccess.Of(
            snapshot.Service, snapshot.Policy.Traffic.Access, caller => new Neighbour(caller, new Dictionary<string, string> { ["app"] = caller.Name }, []));
        var callers = snapshot.Callers.Select(caller => new Neighbour(caller.Key, new Dictionary<string, string> { ["app"] = caller.Key.Name }, [])).ToList();
        return snapshot.Service.Spec.Workload is null
            ? []
            : [NetworkPolicyBaseline.Plan(new ServiceSnapshot(snapshot.Service, callers, [], new ClusterFeatures(false, false)) { Access = access }).Fingerprint];
    }

    private static JsonObject Copy(JsonObject json) => json.DeepClone().AsObject();

    private static T Policy<T>(string kind, JsonObject spec)
    {
        var declared = Copy(spec);
        declared["targetRefs"] = new JsonArray(new JsonObject { ["group"] = FleetApi.Group, ["kind"] = "ManagedService", ["name"] = Service });
        return new JsonObject
        {
            ["apiVersion"] = TrafficPolicy.ResourceType.ApiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = "policy", ["namespace"] = Samples.Namespace },
            ["spec"] = declared,
        }.Deserialize<T>(KubeJson.Options)!;
    }
}
