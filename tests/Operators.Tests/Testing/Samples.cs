using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Tests.Testing;

/// <summary>Declarations and live objects in a line each.</summary>
internal static class Samples
{
    public const string Namespace = "shop";

    public static ObjectKey Key(string name, string ns = Namespace) => new(ns, name);

    /// <summary>A service that the operator runs.</summary>
    public static ManagedService Service(string name, params string[] dependsOn) => new()
    {
        ApiVersion = ManagedService.ResourceType.ApiVersion,
        Kind = ManagedService.ResourceType.Kind,
        Metadata = new ObjectMeta { Name = name, Namespace = Namespace, Uid = $"uid-{name}", Generation = 1 },
        Spec = new ManagedServiceSpec
        {
            Owner = new ServiceOwner { Team = "orders" },
            DependsOn = [.. dependsOn.Select(Dependency)],
            Workload = new ServiceWorkload { Image = $"fleet/{name}:1.0.0" },
        },
    };

    /// <summary>A service that adopts a Deployment of its own name.</summary>
    public static ManagedService Adopting(string name, params string[] dependsOn)
    {
        var service = Service(name, dependsOn);
        return service with { Spec = service.Spec with { Workload = null, WorkloadRef = new WorkloadReference { Name = name } } };
    }

    public static ServiceDependency Dependency(string name) => name.Split('/') is [var ns, var other]
        ? new() { Namespace = ns, Name = other }
        : new() { Name = name };

    public static ManagedService With(this ManagedService service, Func<ServiceWorkload, ServiceWorkload> change) =>
        service with { Spec = service.Spec with { Workload = change(service.Spec.Workload!) } };

    /// <summary>A Deployment that somebody else runs.</summary>
    public static JsonObject Deployment(string name, int port = 8080, int generation = 1) => Json($$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{name}}, namespace: {{Namespace}}, uid: uid-deployment-{{name}}, generation: {{generation}} }
        spec:
          replicas: 2
          selector:
            matchLabels: { app: {{name}} }
          template:
            metadata:
              labels: { app: {{name}} }
            spec:
              containers:
              - name: app
                image: company/{{name}}:2.1.0
                ports: [ {containerPort: {{port}}, protocol: TCP} ]
        status: {observedGeneration: {{generation}}, replicas: 2, readyReplicas: 2, updatedReplicas: 2}
        """);

    /// <summary>A declaration as people write it, without what an API server would add.</summary>
    public static string Manifest(ManagedService service) => Manifest(JsonSerializer.SerializeToNode(service, KubeJson.Options)!.AsObject());

    /// <summary>An object as people write it, without what an API server would add.</summary>
    public static string Manifest(JsonObject item)
    {
        var copy = item.DeepClone().AsObject();
        copy.Remove("status");
        copy["metadata"]!.AsObject().Remove("uid");
        copy["metadata"]!.AsObject().Remove("generation");
        return copy.ToJsonString();
    }

    /// <summary>An object written as YAML.</summary>
    public static JsonObject Json(string yaml) => Assert.Single(ManifestReader.Read(yaml, "test")).Json;

    /// <summary>Something written as YAML, read into a type.</summary>
    public static T Read<T>(string yaml) => Json(yaml).Deserialize<T>(KubeJson.Options)!;
}
