using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Tests.Testing;

namespace LocalCluster.Tests.NodeAgent;

/// <summary>The services of <c>manifests/fleet</c> as plain Deployments and Services: what runs them is tested here, not what plans them.</summary>
internal static class ExampleFleet
{
    /// <summary>All services.</summary>
    public static IReadOnlyList<ManagedService> Services { get; } =
    [
        .. Directory.GetFiles(RepositoryFiles.PathOf("manifests", "fleet"), "*.yaml")
            .SelectMany(file => ManifestReader.Read(File.ReadAllText(file), file))
            .Where(document => document.Kind == "ManagedService")
            .Select(document => document.Json.Deserialize<ManagedService>(KubeJson.Options)!),
    ];

    /// <summary>A Deployment and a Service for each of them.</summary>
    public static string Manifests => string.Join("\n---\n", Services.SelectMany(service => new[] { Deployment(service), Front(service) }).Select(o => o.ToJsonString()));

    private static JsonObject Deployment(ManagedService service)
    {
        var workload = service.Spec.Workload!;
        var container = new JsonObject
        {
            ["name"] = "app",
            ["image"] = workload.Image,
            ["ports"] = new JsonArray([.. workload.Ports.Select(port => new JsonObject { ["name"] = port.Name, ["containerPort"] = port.Port })]),
            ["env"] = new JsonArray([.. workload.Env.Select(Variable)]),
            ["readinessProbe"] = Probe("/ready"),
            ["livenessProbe"] = Probe("/health"),
        };
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = Metadata(service),
            ["spec"] = new JsonObject
            {
                ["replicas"] = workload.Replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = Labels(service) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels(service) },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(container) },
                },
            },
        };
    }

    private static JsonObject Front(ManagedService service) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = Metadata(service),
        ["spec"] = new JsonObject
        {
            ["selector"] = Labels(service),
            ["ports"] = new JsonArray(
                [.. service.Spec.Workload!.Ports.Select(port => new JsonObject { ["name"] = port.Name, ["port"] = port.Port, ["targetPort"] = port.Name })]),
        },
    };

    private static JsonObject Variable(WorkloadVariable variable) => variable.FieldRef is { } field
        ? new JsonObject { ["name"] = variable.Name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = field } } }
        : new JsonObject { ["name"] = variable.Name, ["value"] = variable.Value };

    private static JsonObject Probe(string path) =>
        new() { ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = "http" }, ["periodSeconds"] = 1 };

    private static JsonObject Metadata(ManagedService service) => new() { ["name"] = service.Metadata.Name, ["namespace"] = RunningCluster.Namespace };

    private static JsonObject Labels(ManagedService service) => new() { ["app"] = service.Metadata.Name };
}
