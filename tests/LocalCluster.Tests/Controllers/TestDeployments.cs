using LocalCluster.Tests.Testing;

namespace LocalCluster.Tests.Controllers;

/// <summary>Manifests of Deployments named <c>web</c>.</summary>
internal static class TestDeployments
{
    public static string Yaml(int replicas, string image = "web:1", string spec = "", string pod = "") => $"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          namespace: {RunningCluster.Namespace}
        spec:
          replicas: {replicas}
          selector:
            matchLabels:
              app: web
          {spec}
          template:
            metadata:
              labels:
                app: web
            spec:
              {pod}
              containers:
              - name: main
                image: {image}
                ports:
                - containerPort: 8080
        """;
}
