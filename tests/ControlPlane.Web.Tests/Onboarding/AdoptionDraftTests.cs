using System.Text.Json.Nodes;
using ControlPlane.Api.Onboarding;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Onboarding;

namespace ControlPlane.Web.Tests.Onboarding;

public class AdoptionDraftTests
{
    [Fact]
    public void What_people_fill_in_goes_into_the_declaration_and_the_rest_stays()
    {
        var draft = new AdoptionDraft(Proposal(team: "orders")) { Team = " growth ", Tier = ServiceTier.Critical };

        var spec = Assert.Single(ManifestReader.Read(draft.ToManifest().Content, "cart.yaml")).Json["spec"]!;

        Assert.Equal("growth", (string?)spec["owner"]!["team"]);
        Assert.Equal("cart@example.com", (string?)spec["owner"]!["email"]);
        Assert.Equal("Critical", (string?)spec["tier"]);
        Assert.Equal("cart", (string?)spec["workloadRef"]!["name"]);
    }

    [Fact]
    public void An_owner_that_nothing_tells_is_left_to_be_named() => Assert.Empty(new AdoptionDraft(Proposal(team: "unknown", needsOwner: true)).Team);

    [Fact]
    public void The_proposal_itself_stays_as_it_was()
    {
        var proposal = Proposal(team: "orders");

        new AdoptionDraft(proposal) { Team = "growth" }.ToManifest();

        Assert.Equal("orders", (string?)proposal.Manifest["spec"]!["owner"]!["team"]);
    }

    private static ProposedService Proposal(string team, bool needsOwner = false)
    {
        var manifest = new JsonObject
        {
            ["kind"] = "ManagedService",
            ["metadata"] = new JsonObject { ["name"] = "cart", ["namespace"] = "shop" },
            ["spec"] = new JsonObject
            {
                ["owner"] = new JsonObject { ["team"] = team, ["email"] = "cart@example.com" },
                ["tier"] = "High",
                ["workloadRef"] = new JsonObject { ["name"] = "cart" },
            },
        };
        return new()
        {
            Namespace = "shop",
            Name = "cart",
            Workload = "Deployment shop/cart",
            Yaml = ManifestWriter.ToYaml(manifest),
            Manifest = manifest,
            NeedsOwner = needsOwner,
            Derivations = [],
        };
    }
}
