using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>
/// Who may call, by the service accounts that callers run as, and who must show a token. The two are policies of their own: one allows, the other
/// denies, and Istio lets through what the first allows and the second does not deny.
/// </summary>
internal static class AuthorizationPolicies
{
    private const string AccessPart = "access";
    private const string TokensPart = "tokens";

    /// <summary>In principals it stands for the mesh's own trust domain, whatever that is called.</summary>
    private const string TrustDomain = "cluster.local";

    public static IEnumerable<DesiredObject> Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        if (traffic.Access is null && traffic.Authentication is not { Jwt.Count: > 0 })
        {
            yield break;
        }

        if (PodSelection.Of(snapshot) is not { } pods)
        {
            unsupported.AddIf(traffic.Access is not null, "spec.access", IstioText.UnknownPods);
            yield break;
        }

        if (traffic.Access is { } access)
        {
            yield return Policy(snapshot, AccessPart, "ALLOW", pods, Allowed(snapshot, access));
        }

        if (traffic.Authentication is { Jwt.Count: > 0 } authentication)
        {
            yield return Policy(snapshot, TokensPart, "DENY", pods.DeepClone().AsObject(), [WithoutToken(snapshot, authentication)]);
        }
    }

    /// <summary>Without a rule an ALLOW policy lets nobody in, which is what an empty list of callers means.</summary>
    private static DesiredObject Policy(TrafficSnapshot snapshot, string part, string action, JsonObject pods, IEnumerable<JsonObject> rules) => TrafficObject.WithSpec(
        TrafficKinds.AuthorizationPolicies,
        snapshot.Service,
        part,
        new JsonObject { ["selector"] = new JsonObject { ["matchLabels"] = pods }, ["action"] = action }.Put("rules", rules.ToJson()));

    private static IEnumerable<JsonObject> Allowed(TrafficSnapshot snapshot, TrafficAccess access)
    {
        var always = HttpRoutes.GatewaysOf(snapshot).Select(GatewayPrincipal)
            .Concat(access.Dependents ? snapshot.Callers.OrderBy(static caller => caller.Key, ObjectKey.ListOrder).Select(Principal) : [])
            .Distinct().ToList();
        if (always.Count > 0)
        {
            yield return new JsonObject { ["from"] = new JsonArray(Source("principals", always)) };
        }

        foreach (var rule in access.Allow)
        {
            var operation = new JsonObject().Put("methods", rule.Methods.ToJson()).Put("paths", rule.Paths.ToJson());
            yield return new JsonObject { ["from"] = Sources(snapshot, rule).ToJson() }
                .Put("to", operation.Count > 0 ? new JsonArray(new JsonObject { ["operation"] = operation }) : null);
        }
    }

    private static IEnumerable<JsonObject> Sources(TrafficSnapshot snapshot, AccessRule rule)
    {
        var callers = rule.From.Select(caller => new ObjectKey(caller.Namespace.Length > 0 ? caller.Namespace : snapshot.Service.Metadata.Namespace, caller.Service)).ToList();
        if (callers.Where(static caller => caller.Name != "*").Select(caller => PrincipalOf(snapshot, caller)).Distinct().ToList() is { Count: > 0 } named)
        {
            yield return Source("principals", named);
        }

        if (callers.Where(static caller => caller.Name == "*").Select(static caller => caller.Namespace).Distinct().ToList() is { Count: > 0 } namespaces)
        {
            yield return Source("namespaces", namespaces);
        }
    }

    /// <summary>
    /// Who comes from outside without a token: through a Gateway, or without any identity in the mesh. Services call each other by their own.
    /// </summary>
    private static JsonObject WithoutToken(TrafficSnapshot snapshot, TrafficAuthentication authentication)
    {
        var issuers = authentication.Jwt.Select(static issuer => $"{issuer.Issuer}/*").ToJson();
        var from = new JsonArray();
        if (HttpRoutes.GatewaysOf(snapshot).Select(GatewayPrincipal).ToList() is { Count: > 0 } gateways)
        {
            from.Add(new JsonObject { ["source"] = new JsonObject { ["principals"] = gateways.ToJson(), ["notRequestPrincipals"] = issuers.DeepClone() } });
        }

        from.Add(new JsonObject { ["source"] = new JsonObject { ["notPrincipals"] = new JsonArray("*"), ["notRequestPrincipals"] = issuers } });
        return new JsonObject { ["from"] = from };
    }

    private static JsonObject Source(string field, IEnumerable<string> values) => new() { ["source"] = new JsonObject { [field] = values.ToJson() } };

    private static string Principal(CallingService caller) => Principal(caller.Key.Namespace, caller.ServiceAccount);

    /// <summary>A service that is not declared yet will run as the account of its own name, as the registry makes it.</summary>
    private static string PrincipalOf(TrafficSnapshot snapshot, ObjectKey caller) =>
        snapshot.Named.FirstOrDefault(known => known.Key == caller) is { } known ? Principal(known) : Principal(caller.Namespace, caller.Name);

    /// <summary>The account that Istio makes for a Gateway of its class <c>istio</c>.</summary>
    private static string GatewayPrincipal(ObjectKey gateway) => Principal(gateway.Namespace, $"{gateway.Name}-istio");

    private static string Principal(string ns, string account) => $"{TrustDomain}/ns/{ns}/sa/{account}";
}
