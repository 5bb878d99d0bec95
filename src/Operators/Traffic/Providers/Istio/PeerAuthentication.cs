using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>TLS with certificates on both sides: what the pods take.</summary>
internal static class PeerAuthentication
{
    public static DesiredObject? Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        if (snapshot.Policy.Traffic.MutualTls is not { } tls)
        {
            return null;
        }

        if (PodSelection.Of(snapshot) is not { } pods)
        {
            unsupported.Add("spec.mutualTls", IstioText.UnknownPods);
            return null;
        }

        var mode = tls.Mode switch
        {
            MutualTlsMode.Strict => "STRICT",
            MutualTlsMode.Permissive => "PERMISSIVE",
            _ => "DISABLE",
        };
        return TrafficObject.WithSpec(TrafficKinds.PeerAuthentications, snapshot.Service, part: null, new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = pods },
            ["mtls"] = new JsonObject { ["mode"] = mode },
        });
    }
}
