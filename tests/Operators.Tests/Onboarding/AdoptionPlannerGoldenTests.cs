using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding;
using Operators.Onboarding.Existing;
using Operators.Tests.Testing;

namespace Operators.Tests.Onboarding;

/// <summary>One folder a case: <c>manifests.yaml</c> is what a team brings, <c>plan.yaml</c> what is proposed and found.</summary>
public sealed class AdoptionPlannerGoldenTests
{
    private static readonly Golden Golden = new("Onboarding/Golden");

    public static TheoryData<string> Cases => [.. Golden.Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_team_brings_is_proposed_and_judged_like_this(string name) => Golden.Holds(name, "plan.yaml", Render(Plan(name)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_secret_value_gets_into_a_plan(string name) =>
        Assert.DoesNotContain("do-not-repeat-me", Render(Plan(name)), StringComparison.Ordinal);

    private static AdoptionPlan Plan(string name)
    {
        var path = Golden.Input(name, "manifests.yaml");
        var existing = ExistingObjects.Read(ManifestReader.Read(File.ReadAllText(path), path).Select(document => document.Json), ObjectOrigin.Manifests);
        return AdoptionPlanner.Propose(existing, fleet: []);
    }

    private static string Render(AdoptionPlan plan) => ManifestWriter.ToYaml(new JsonObject
    {
        ["proposals"] = new JsonArray([.. plan.Proposals.Select(proposal => new JsonObject
        {
            ["service"] = JsonSerializer.SerializeToNode(proposal.Service, KubeJson.Options),
            ["ports"] = new JsonArray([.. proposal.Ports.Select(port => (JsonNode)$"{port.Name} {port.Port} -> {port.TargetPort ?? port.Port}/{port.Protocol}")]),
            ["derivations"] = new JsonArray([.. proposal.Derivations.Select(item => (JsonNode)$"{item.Field} = {item.Value} <- {item.Source}")]),
        })]),
        ["findings"] = new JsonArray([.. plan.Findings.Select(finding => (JsonNode)finding.ToString())]),
    });
}
