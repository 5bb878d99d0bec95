using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Plans;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Onboarding.Existing;
using Operators.Onboarding.HandOvers;

namespace ControlPlane.Api.Onboarding;

/// <summary>
/// Says what handing a workload over would do: the planner writes the declaration, the API server judges it and every object that follows from
/// it by dry run.
/// </summary>
public sealed class HandOverQuery(KubeApi api, NamespaceReader reader, ManifestJudge judge, PlanService plans, FleetCaches caches, Authorizer authorizer)
{
    /// <summary>Previews.</summary>
    /// <exception cref="KubeApiException">There is no such service, or its namespace may not be read.</exception>
    /// <exception cref="AccessException">The caller may not.</exception>
    public async Task<HandOverPreview> PreviewAsync(ObjectKey service, CancellationToken cancellationToken)
    {
        authorizer.Demand(Permissions.ReadOnboarding, service.Namespace, caches.Services.Cache.Find(service)?.Spec.Owner.Team);
        var stored = JsonNode.Parse(await api.GetBytesAsync(ManagedService.ResourceType, service, cancellationToken))!.AsObject();
        var adopted = stored.Deserialize<ManagedService>(KubeJson.Options)!;
        var handOver = HandOverPlanner.Plan(adopted, await reader.ReadAsync(service.Namespace, cancellationToken));
        var preview = new HandOverPreview
        {
            Namespace = service.Namespace,
            Name = service.Name,
            Workload = FleetCaches.WorkloadKeyOf(adopted).ToString(),
            Refusals = [.. handOver.Refusals.Select(refusal => OnboardingFinding.Of(refusal))],
        };
        return handOver.Service is null ? preview : await JudgeAsync(preview, stored, handOver, cancellationToken);
    }

    private async Task<HandOverPreview> JudgeAsync(HandOverPreview preview, JsonObject stored, HandOver handOver, CancellationToken cancellationToken)
    {
        var manifest = ObjectDiff.Presentable(JsonSerializer.SerializeToNode(handOver.Service, KubeJson.Options)!.AsObject())!;
        var yaml = ManifestWriter.ToYaml(manifest);
        var judged = await judge.JudgeReplacementAsync(ManifestReader.Read(yaml, $"{preview.Name}.yaml").Single(), stored, cancellationToken);
        var plan = await plans.PlanAsync([judged], cancellationToken);
        return HandOverVerdict.On(preview, new(yaml, manifest, Fingerprint(yaml), plan.Manifests.Single().Diff, handOver.Derivations), plan);
    }

    private static string Fingerprint(string yaml) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml)).AsSpan(0, 8));
}
