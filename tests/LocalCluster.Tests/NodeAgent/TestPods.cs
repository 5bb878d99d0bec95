using LocalCluster.Tests.Testing;

namespace LocalCluster.Tests.NodeAgent;

/// <summary>Manifests of pods that are bound to the first node already: these tests have no scheduler.</summary>
internal static class TestPods
{
    /// <summary>A pod with one container that serves on port 8080.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="container">Further fields of the container, each on a line of its own.</param>
    /// <param name="spec">Further fields of the pod.</param>
    /// <param name="image">Image.</param>
    /// <param name="node">Its node.</param>
    public static string Yaml(string name, string container = "", string spec = "", string image = "registry.example/web:1.2", string node = "dabbawala-1") => $"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {name}
          namespace: {RunningCluster.Namespace}
          labels:
            app: {name}
        spec:
          nodeName: {node}
          {Indented(spec, 2)}
          containers:
          - name: main
            image: {image}
            ports:
            - containerPort: 8080
            {Indented(container, 4)}
        """;

    private static string Indented(string lines, int spaces) => lines.Replace("\n", "\n" + new string(' ', spaces), StringComparison.Ordinal);
}
