namespace Browser;

/// <summary>What tests declare.</summary>
internal static class Manifests
{
    /// <summary>A service that runs one of the sample images.</summary>
    public static string Service(string name, string ns = "shop") => $"""
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: ManagedService
        metadata:
          name: {name}
          namespace: {ns}
        spec:
          owner:
            team: growth
          workload:
            image: fleet/product:1.0.0
            ports:
              - name: http
                port: 8080
        """;

    /// <summary>A Deployment that nobody has declared to the fleet, with its namespace.</summary>
    public static string Unmanaged(string name, string ns) => $"""
        apiVersion: v1
        kind: Namespace
        metadata:
          name: {ns}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {name}
          namespace: {ns}
        spec:
          replicas: 1
          selector:
            matchLabels:
              app: {name}
          template:
            metadata:
              labels:
                app: {name}
            spec:
              containers:
                - name: app
                  image: company/{name}:2.1.0
                  ports:
                    - containerPort: 8080
        """;
}
