using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding;
using Operators.Onboarding.Findings;
using Operators.Registry.Baseline;

namespace ControlPlane.Api.Onboarding;

/// <summary>How existing workloads would become managed services. Nothing was written to find out.</summary>
/// <param name="Proposals">One service for each workload, by namespace and name.</param>
/// <param name="Findings">What falls short of the baseline, contradicts itself or could not be understood, the worst first.</param>
public sealed record OnboardingProposals(IReadOnlyList<ProposedService> Proposals, IReadOnlyList<OnboardingFinding> Findings);

/// <summary>A service that would adopt a workload as it runs. To adopt it, apply the declaration as any other manifest.</summary>
public sealed record ProposedService
{
    /// <summary>Namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the service.</summary>
    public required string Name { get; init; }

    /// <summary>The workload that it would adopt, such as <c>Deployment shop/cart</c>.</summary>
    public required string Workload { get; init; }

    /// <summary>The declaration as YAML.</summary>
    public required string Yaml { get; init; }

    /// <summary>The declaration as JSON.</summary>
    public required JsonObject Manifest { get; init; }

    /// <summary>True when nothing tells the owning team: the API server refuses the declaration until it is filled in.</summary>
    public required bool NeedsOwner { get; init; }

    /// <summary>Where each value of the declaration comes from.</summary>
    public required IReadOnlyList<Derivation> Derivations { get; init; }

    internal static ProposedService Of(AdoptionProposal proposal)
    {
        var (service, reference) = (proposal.Service, proposal.Service.Spec.WorkloadRef!);
        var manifest = JsonSerializer.SerializeToNode(service, KubeJson.Options)!.AsObject();
        return new()
        {
            Namespace = service.Metadata.Namespace,
            Name = service.Metadata.Name,
            Workload = $"{reference.Kind} {service.Metadata.Namespace}/{reference.Name}",
            Yaml = ManifestWriter.ToYaml(manifest),
            Manifest = manifest,
            NeedsOwner = service.Spec.Owner.Team == AdoptionProposal.OwnerPlaceholder,
            Derivations = proposal.Derivations,
        };
    }
}

/// <summary>Something about an object that people should look at, or that stands in the way.</summary>
/// <param name="Kind">Kind of the object.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Field">Path of the field at fault; empty for the whole object.</param>
/// <param name="Message">What is wrong, and what would be right. Never holds a secret.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="File">The file that it is in; null when it was read from the cluster.</param>
/// <param name="Line">Line of the field; null when it was read from the cluster.</param>
public sealed record OnboardingFinding(
    string Kind, string Namespace, string Name, string Field, string Message, ShortfallSeverity Severity, string? File = null, int? Line = null)
{
    internal static OnboardingFinding Of(Finding finding, ManifestDocument? from = null) => new(
        finding.Object.Kind,
        finding.Object.Key.Namespace,
        finding.Object.Key.Name,
        finding.Field,
        finding.Message,
        finding.Severity,
        from?.File,
        from?.LineOf(finding.Field));
}
