using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding.Existing;
using Operators.Onboarding.HandOvers;
using Operators.Registry;
using Operators.Tests.Testing;

namespace Operators.Tests.Onboarding.HandOvers;

/// <summary>
/// One folder a case: <c>live.yaml</c> holds the adopting service and what runs, <c>handover.yaml</c> the declaration under which the operator
/// would keep it, or why it can't.
/// </summary>
public sealed class HandOverPlannerGoldenTests
{
    private static readonly Golden Golden = new("Onboarding/HandOvers/Golden");

    public static TheoryData<string> Cases => [.. Golden.Cases];

    public static TheoryData<string> HandedOver => [.. Golden.Cases.Where(name => !name.StartsWith("refused", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_workload_is_handed_over_like_this(string name)
    {
        var (adopted, live) = Load(name);

        var plan = HandOverPlanner.Plan(adopted, Existing(live));

        Golden.Holds(name, "handover.yaml", ManifestWriter.ToYaml(new JsonObject
        {
            ["service"] = JsonSerializer.SerializeToNode(plan.Service, KubeJson.Options),
            ["derivations"] = new JsonArray([.. plan.Derivations.Select(item => (JsonNode)$"{item.Field} = {item.Value} <- {item.Source}")]),
            ["refusals"] = new JsonArray([.. plan.Refusals.Select(refusal => (JsonNode)refusal.ToString())]),
        }));
    }

    [Theory]
    [MemberData(nameof(HandedOver))]
    public void The_operator_would_change_nothing_of_what_it_takes_over_but_its_marks(string name)
    {
        var (adopted, live) = Load(name);
        var service = HandOverPlanner.Plan(adopted, Existing(live)).Service!;

        foreach (var planned in ServicePlanner.Plan(new ServiceSnapshot(service, [], [], new ClusterFeatures(ServiceMonitors: false, PrometheusRules: false))))
        {
            var found = live.SingleOrDefault(item => (string)item["kind"]! == planned.Type.Kind && (string)item["metadata"]!["name"]! == planned.Key.Name);
            using var wanted = JsonDocument.Parse(planned.Json);
            var drift = found is null ? [] : DriftFinder.Find(wanted.RootElement, JsonSerializer.SerializeToElement(found));
            Assert.DoesNotContain(
                drift.Select(field => field.ToString()),
                field => !field.StartsWith(".metadata.labels", StringComparison.Ordinal)
                    && !field.StartsWith(".metadata.ownerReferences", StringComparison.Ordinal)
                    && !(planned.Type == KnownResources.Services && field.EndsWith(".targetPort", StringComparison.Ordinal)) // a name becomes its number
                    && !(planned.Type == KnownResources.HorizontalPodAutoscalers && field.StartsWith(".spec.metrics", StringComparison.Ordinal))); // their order
        }
    }

    [Theory]
    [MemberData(nameof(HandedOver))]
    public void The_planned_template_is_the_one_that_runs_so_that_no_pod_restarts(string name)
    {
        var (adopted, live) = Load(name);
        var service = HandOverPlanner.Plan(adopted, Existing(live)).Service!;

        var planned = ServicePlanner.Plan(new ServiceSnapshot(service, [], [], new ClusterFeatures(ServiceMonitors: false, PrometheusRules: false)))
            .Single(item => item.Type == KnownResources.Deployments);
        var running = live.Single(item => (string)item["kind"]! == "Deployment")["spec"]!["template"]!.DeepClone();
        running["metadata"]!.AsObject().Remove("creationTimestamp"); // a null that the API drops

        Assert.True(JsonNode.DeepEquals(running, JsonNode.Parse(planned.Json.Span)!["spec"]!["template"]));
    }

    [Theory]
    [MemberData(nameof(HandedOver))]
    public void The_new_declaration_is_valid(string name)
    {
        var (adopted, live) = Load(name);
        using var fleet = new KnownFleet();
        fleet.Declare(Samples.Service("catalogue") with { Metadata = new ObjectMeta { Name = "catalogue", Namespace = "bazaar" } });

        Assert.Empty(fleet.Validator.Check(fleet.Declare(HandOverPlanner.Plan(adopted, Existing(live)).Service!)));
    }

    private static (ManagedService Adopted, List<JsonObject> Live) Load(string name)
    {
        var path = Golden.Input(name, "live.yaml");
        var documents = ManifestReader.Read(File.ReadAllText(path), path);
        return (documents[0].Json.Deserialize<ManagedService>(KubeJson.Options)!, [.. documents.Skip(1).Select(document => document.Json)]);
    }

    private static ExistingObjects Existing(List<JsonObject> live) => ExistingObjects.Read(live, ObjectOrigin.Cluster);
}
