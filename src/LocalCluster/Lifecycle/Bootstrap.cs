using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Registry;
using LocalCluster.Registry.Strategies;
using LocalCluster.Storage;

namespace LocalCluster.Lifecycle;

/// <summary>Creates what every cluster has from the beginning.</summary>
/// <param name="store">Where objects are.</param>
/// <param name="client">Creates them.</param>
internal sealed class Bootstrap(ObjectStore store, LocalClient client)
{
    private const string PriorityClasses = "priorityclasses.scheduling.k8s.io";

    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <summary>Creates what is missing.</summary>
    /// <param name="apiAddress">Where the API is.</param>
    public async Task RunAsync(Uri apiAddress)
    {
        foreach (var name in Namespaces)
        {
            await EnsureAsync("namespaces", "", name, []);
        }

        await EnsureAsync(PriorityClasses, "", "system-cluster-critical", new JsonObject { ["value"] = 2_000_000_000L, ["description"] = CriticalText("cluster") });
        await EnsureAsync(PriorityClasses, "", "system-node-critical", new JsonObject { ["value"] = 2_000_001_000L, ["description"] = CriticalText("node") });
        await EnsureAsync("services", "default", "kubernetes", ApiService(apiAddress));

        await EnsureAsync("servicecidrs.networking.k8s.io", "", "kubernetes", ServiceAddressRange());

        // The history of a cluster begins when it is up.
        store.Forget();
    }

    private static string CriticalText(string scope) => scope == "node"
        ? "Used for system critical pods that must not be moved from their current node."
        : "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.";

    private static JsonObject ApiService(Uri address) => new()
    {
        ["spec"] = new JsonObject
        {
            ["clusterIP"] = "10.96.0.1",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443L, ["protocol"] = "TCP", ["targetPort"] = (long)address.Port }),
        },
    };

    private static JsonObject ServiceAddressRange() => new()
    {
        ["spec"] = new JsonObject { ["cidrs"] = new JsonArray(ServiceAddresses.Range) },
    };

    private async Task EnsureAsync(string resource, string ns, string name, JsonObject content)
    {
        if (store.Current.Find(resource, new ObjectKey(ns, name)) is not null)
        {
            return;
        }

        var metadata = new JsonObject { ["name"] = name };
        if (ns.Length > 0)
        {
            metadata["namespace"] = ns;
        }

        content["metadata"] = metadata;
        await client.CreateAsync(resource, content);
    }
}
