using System.Text.Json;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Tests.Testing;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic.Testing;

/// <summary>The policies of the golden files: at most one of each kind in a case, and a rollout where one moves the service.</summary>
internal static class GoldenPolicies
{
    public static Golden Folder { get; } = new("Traffic/Golden");

    public static PolicySet Read(string name)
    {
        var path = Folder.Input(name, "policies.yaml");
        var specs = PolicySet.Empty;
        foreach (var manifest in ManifestReader.Read(File.ReadAllText(path), path))
        {
            if (manifest.Kind == CanaryRollout.ResourceType.Kind)
            {
                specs = specs with { Split = TrafficSplit.Of(manifest.Json.Deserialize<CanaryRollout>(KubeJson.Options)!, Samples.Key(PolicySet.Service)) };
                continue;
            }

            var spec = manifest.Json["spec"]!.DeepClone().AsObject();
            spec.Remove("targetRefs");
            specs = manifest.Kind == PolicySet.Kinds[0] ? specs with { Traffic = spec }
                : manifest.Kind == PolicySet.Kinds[1] ? specs with { RateLimit = spec }
                : specs with { Circuit = spec };
        }

        return specs;
    }
}
