using System.Text.Json.Nodes;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Onboarding;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Web.Onboarding;

/// <summary>A proposed service while people fill in what nothing could tell: whose it is, and how much it matters.</summary>
public sealed class AdoptionDraft
{
    /// <summary>Begins with what is proposed.</summary>
    public AdoptionDraft(ProposedService proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        Proposal = proposal;
        var spec = proposal.Manifest["spec"]!;
        Team = proposal.NeedsOwner ? "" : (string?)spec["owner"]?["team"] ?? "";
        Tier = Enum.TryParse<ServiceTier>((string?)spec["tier"], out var tier) ? tier : ServiceTier.Standard;
    }

    /// <summary>What is proposed.</summary>
    public ProposedService Proposal { get; }

    /// <summary>True when it is to be adopted.</summary>
    public bool IsChosen { get; set; } = true;

    /// <summary>Owning team; empty while nobody has named it.</summary>
    public string Team { get; set; }

    /// <summary>How much the business loses while it is down.</summary>
    public ServiceTier Tier { get; set; }

    /// <summary>The declaration as it stands, in a file of its own.</summary>
    public ManifestFile ToManifest()
    {
        var manifest = Proposal.Manifest.DeepClone().AsObject();
        var spec = manifest["spec"]!.AsObject();
        var owner = spec["owner"] as JsonObject ?? [];
        owner["team"] = Team.Trim();
        spec["owner"] = owner;
        spec["tier"] = Tier.ToString();
        return new($"{Proposal.Namespace}-{Proposal.Name}.yaml", ManifestWriter.ToYaml(manifest));
    }
}
