using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using Operators.Manifests;
using Operators.Registry;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry;

/// <summary>
/// One folder a case: <c>fleet.yaml</c> holds the service to plan, then its neighbours, the workloads that they adopt, and the optional kinds
/// that the cluster serves; <c>objects.yaml</c> is what the planner makes of it.
/// </summary>
public sealed class ServicePlannerGoldenTests
{
    private static readonly Golden Golden = new("Registry/Golden");

    public static TheoryData<string> Cases => [.. Golden.Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_declaration_becomes_exactly_these_objects(string name)
    {
        using var fleet = new KnownFleet();
        var snapshot = Load(fleet, name);

        var objects = ServicePlanner.Plan(snapshot);

        Golden.Holds(name, "objects.yaml", string.Join("---\n", objects.Select(item => YamlText.Of(JsonNode.Parse(item.Json.Span)))));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_declarations_of_the_golden_files_are_valid(string name)
    {
        using var fleet = new KnownFleet();

        Assert.Empty(fleet.Validator.Check(Load(fleet, name).Service));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_same_snapshot_gives_the_same_bytes(string name)
    {
        using var fleet = new KnownFleet();
        using var again = new KnownFleet();

        var first = ServicePlanner.Plan(Load(fleet, name));
        var second = ServicePlanner.Plan(Load(again, name));

        Assert.Equal(first.Select(item => item.Fingerprint), second.Select(item => item.Fingerprint));
        Assert.Equal(first.Select(item => item.Json.ToArray()), second.Select(item => item.Json.ToArray()));
    }

    private static ServiceSnapshot Load(KnownFleet fleet, string name)
    {
        var path = Golden.Input(name, "fleet.yaml");
        var file = ManifestReader.Read(path, File.ReadAllText(path));
        Assert.Empty(file.Problems);
        var served = new HashSet<string>(StringComparer.Ordinal);
        ManagedService? subject = null;
        foreach (var manifest in file.Manifests)
        {
            switch (manifest.Kind)
            {
                case "ManagedService":
                    var declared = fleet.Declare(manifest.Json.Deserialize<ManagedService>(KubeJson.Options)!);
                    subject ??= declared;
                    break;
                case "CustomResourceDefinition":
                    served.Add(manifest.Key.Name);
                    break;
                default:
                    fleet.Run(manifest.Json);
                    break;
            }
        }

        return fleet.Graph.Snapshot(subject!) with
        {
            Features = new ClusterFeatures(
                served.Contains(KnownResources.ServiceMonitors.QualifiedName), served.Contains(KnownResources.PrometheusRules.QualifiedName)),
        };
    }
}
