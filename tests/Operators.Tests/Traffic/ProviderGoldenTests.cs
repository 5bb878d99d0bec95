using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Tests.Testing;
using Operators.Tests.Traffic.Testing;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic;

/// <summary>
/// One folder a case: <c>policies.yaml</c> holds policies of the service order; beside it stands what each provider makes of them: its objects, and
/// then what it can't express and what it wants of the Service.
/// </summary>
public sealed class ProviderGoldenTests
{
    private static readonly IReadOnlyList<ITrafficProvider> Providers = TrafficProviders.All(new SharedCounterStore("redis.infra"));

    public static TheoryData<string> Cases => [.. GoldenPolicies.Folder.Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Policies_become_exactly_these_objects(string name)
    {
        foreach (var provider in Providers)
        {
            var snapshot = GoldenPolicies.Read(name).Snapshot();
            GoldenPolicies.Folder.Holds(name, $"{provider.Name}.yaml", Text(provider.Plan(snapshot), provider.SplitGap(snapshot)));
        }
    }

    [Fact]
    public void The_golden_files_set_every_field()
    {
        var set = GoldenPolicies.Folder.Cases.SelectMany(name => PolicySetting.In(GoldenPolicies.Read(name))).Select(setting => (setting.Kind, setting.Field)).ToHashSet();

        Assert.Empty(PolicyField.All.Select(field => (field.Kind, field.Path)).Except(set));
    }

    [Fact]
    public async Task The_policies_of_the_golden_files_are_valid()
    {
        await using var cluster = await TestCluster.StartAsync(withControllers: false);
        foreach (var kind in PolicySet.Kinds)
        {
            await cluster.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "crds", $"{kind[..^1].ToLowerInvariant()}ies.yaml"), TestContext.Current.CancellationToken));
        }

        await cluster.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "crds", "canaryrollouts.yaml"), TestContext.Current.CancellationToken));

        foreach (var name in GoldenPolicies.Folder.Cases)
        {
            await cluster.ApplyAsync(await File.ReadAllTextAsync(GoldenPolicies.Folder.Input(name, "policies.yaml"), TestContext.Current.CancellationToken));
        }
    }

    private static string Text(ProviderPlan plan, string? splitGap)
    {
        var text = new StringBuilder();
        foreach (var item in plan.Objects)
        {
            text.Append(ManifestWriter.ToYaml(JsonNode.Parse(item.Json.Span)!)).Append("---\n");
        }

        var rest = new JsonObject
        {
            ["unsupported"] = new JsonArray([.. plan.Unsupported.Select(setting => (JsonNode)$"{setting.Field}: {setting.Message}")]),
            ["frontAnnotations"] = new JsonObject(plan.FrontAnnotations.Select(annotation => KeyValuePair.Create(annotation.Key, (JsonNode?)annotation.Value))),
        };
        if (splitGap is not null)
        {
            rest["splitGap"] = splitGap;
        }

        return text.Append(ManifestWriter.ToYaml(rest)).ToString();
    }
}
