using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>Which tokens are taken. That one must be there is said by <see cref="AuthorizationPolicies"/>.</summary>
internal static class RequestAuthentication
{
    public static DesiredObject? Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var authentication = snapshot.Policy.Traffic.Authentication;
        unsupported.AddIf(authentication?.ApiKey is not null, "spec.authentication.apiKey", "Istio knows tokens, not keys");
        if (authentication is not { Jwt.Count: > 0 })
        {
            return null;
        }

        if (PodSelection.Of(snapshot) is not { } pods)
        {
            unsupported.Add("spec.authentication", IstioText.UnknownPods);
            return null;
        }

        return TrafficObject.WithSpec(TrafficKinds.RequestAuthentications, snapshot.Service, part: null, new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = pods },
            ["jwtRules"] = authentication.Jwt.Select(Rule).ToJson(),
        });
    }

    private static JsonObject Rule(TokenIssuer issuer) => new JsonObject { ["issuer"] = issuer.Issuer, ["jwksUri"] = issuer.JwksUri, ["forwardOriginalToken"] = true }
        .Put("audiences", issuer.Audiences.ToJson())
        .Put("outputClaimToHeaders", issuer.ClaimToHeaders.Select(static header => new JsonObject { ["header"] = header.Header, ["claim"] = header.Claim }).ToJson());
}
