using ControlPlane.Api.Access;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using Operators.Cluster;
using Operators.Onboarding;
using Operators.Onboarding.Existing;

namespace ControlPlane.Api.Onboarding;

/// <summary>Proposes the services that would adopt what a team has already, from its manifests or from what runs. Writes nothing.</summary>
public sealed class OnboardingQuery(NamespaceReader reader, FleetCaches caches, Authorizer authorizer)
{
    private const string DefaultNamespace = "default";

    /// <summary>Proposes from manifests. The values of Secrets in them are removed.</summary>
    public OnboardingProposals Propose(IReadOnlyList<ManifestDocument> manifests)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        foreach (var ns in manifests.Select(NamespaceOf).Distinct(StringComparer.Ordinal))
        {
            authorizer.Demand(Permissions.ReadOnboarding, ns);
        }

        var sources = manifests
            .GroupBy(manifest => new ObjectReference(manifest.Kind, manifest.Key with { Namespace = NamespaceOf(manifest) }))
            .ToDictionary(group => group.Key, group => group.First());
        var existing = ExistingObjects.Read(manifests.Select(manifest => manifest.Json), ObjectOrigin.Manifests, DefaultNamespace);
        return Propose(existing, sources);
    }

    /// <summary>Proposes from what runs in a namespace.</summary>
    /// <exception cref="KubeApiException">There is no such namespace, or it may not be read.</exception>
    /// <exception cref="AccessException">The caller may not.</exception>
    public async Task<OnboardingProposals> ProposeAsync(string ns, CancellationToken cancellationToken)
    {
        authorizer.Demand(Permissions.ReadOnboarding, ns);
        return Propose(await reader.ReadAsync(ns, cancellationToken), sources: []);
    }

    private OnboardingProposals Propose(ExistingObjects existing, Dictionary<ObjectReference, ManifestDocument> sources)
    {
        var plan = AdoptionPlanner.Propose(existing, caches.Services.Cache.Snapshot());
        return new(
            [.. plan.Proposals.Select(ProposedService.Of)],
            [.. plan.Findings.Select(finding => OnboardingFinding.Of(finding, sources.GetValueOrDefault(finding.Object)))]);
    }

    private static string NamespaceOf(ManifestDocument manifest) => manifest.Key.Namespace.Length > 0 ? manifest.Key.Namespace : DefaultNamespace;
}
