using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Registry;

namespace Performance;

/// <summary>The services that are measured with: six owned objects each.</summary>
internal static class MeasuredFleet
{
    /// <summary>The kinds that each service owns one of.</summary>
    public static IReadOnlyList<ResourceType> OwnedKinds { get; } =
    [
        KnownResources.ServiceAccounts,
        KnownResources.NetworkPolicies,
        KnownResources.Services,
        KnownResources.Deployments,
        KnownResources.HorizontalPodAutoscalers,
        KnownResources.PodDisruptionBudgets,
    ];

    public static string NameOf(int index) => $"svc-{index.ToString("D5", CultureInfo.InvariantCulture)}";

    /// <summary>A declaration; every service but the first of each ten depends on one of its neighbours.</summary>
    public static byte[] Declaration(string ns, int index)
    {
        JsonArray dependencies = index % 10 == 0 ? [] : [new JsonObject { ["name"] = NameOf(index - 1) }];
        JsonObject json = new()
        {
            ["apiVersion"] = ManagedService.ResourceType.ApiVersion,
            ["kind"] = ManagedService.ResourceType.Kind,
            ["metadata"] = new JsonObject { ["name"] = NameOf(index), ["namespace"] = ns },
            ["spec"] = new JsonObject
            {
                ["owner"] = new JsonObject { ["team"] = $"team-{(index % 40).ToString(CultureInfo.InvariantCulture)}" },
                ["tier"] = index % 20 == 0 ? "Critical" : "Standard",
                ["dependsOn"] = dependencies,
                ["workload"] = new JsonObject
                {
                    ["image"] = "example/service:1.0.0",
                    ["ports"] = new JsonArray(
                        new JsonObject { ["name"] = "http", ["port"] = 8080 }, new JsonObject { ["name"] = "metrics", ["port"] = 8090 }),
                    ["resources"] = new JsonObject
                    {
                        ["requests"] = new JsonObject { ["cpu"] = "250m", ["memory"] = "256Mi" },
                        ["limits"] = new JsonObject { ["cpu"] = "500m", ["memory"] = "512Mi" },
                    },
                    ["env"] = new JsonArray([.. Enumerable.Range(0, 8).Select(i => new JsonObject
                    {
                        ["name"] = $"SETTING_{i.ToString(CultureInfo.InvariantCulture)}",
                        ["value"] = $"value-{i.ToString(CultureInfo.InvariantCulture)}",
                    })]),
                },
            },
        };
        return JsonSerializer.SerializeToUtf8Bytes(json, KubeJson.Options);
    }

    /// <summary>The objects that the operator makes for a stored service, for the bare loop to make the same.</summary>
    public static IReadOnlyList<DesiredObject> Objects(ManagedService service)
    {
        var neighbours = service.Spec.DependsOn
            .Select(dependency => new Neighbour(dependency.KeyFrom(service), new Dictionary<string, string> { [FleetApi.InventoryLabel] = dependency.Name }, [new(8080, "TCP"), new(8090, "TCP")]))
            .ToList();
        return ServicePlanner.Plan(new ServiceSnapshot(service, [], neighbours, new ClusterFeatures(ServiceMonitors: false, PrometheusRules: false)));
    }
}
