using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Resources;

namespace LocalCluster.Quotas;

/// <summary>What objects use of the resources that quotas limit.</summary>
internal static class QuotaUsage
{
    private const string Requests = "requests.";
    private const string Limits = "limits.";

    private static readonly string[] CountedByName =
        ["configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas", "secrets", "services"];

    /// <summary>What an object uses, by the names that quotas have for it.</summary>
    /// <param name="resource">Name under which objects of its kind are stored.</param>
    /// <param name="obj">The object.</param>
    public static IReadOnlyDictionary<string, Quantity> Of(string resource, KubeObject obj)
    {
        var usage = new Dictionary<string, Quantity> { [$"count/{resource}"] = Quantity.FromInteger(1) };
        if (CountedByName.Contains(resource) && !(resource == "pods" && IsOver(obj)))
        {
            usage[resource] = Quantity.FromInteger(1);
        }

        switch (resource)
        {
            case "pods" when !IsOver(obj):
                AddPod(usage, obj);
                break;
            case "services":
                AddService(usage, obj);
                break;
            case "persistentvolumeclaims":
                AddClaim(usage, obj);
                break;
        }

        return usage;
    }

    /// <summary>True for a pod that uses nothing any more.</summary>
    public static bool IsOver(KubeObject pod) => pod.Json.Text("status.phase") is "Succeeded" or "Failed";

    private static void AddPod(Dictionary<string, Quantity> usage, KubeObject pod)
    {
        foreach (var (resource, amount) in Total(pod.Json, "requests"))
        {
            usage[Requests + resource] = amount;
            if (resource is "cpu" or "memory" or "ephemeral-storage")
            {
                usage[resource] = amount;
            }
        }

        foreach (var (resource, amount) in Total(pod.Json, "limits"))
        {
            usage[Limits + resource] = amount;
        }
    }

    // Init containers run one after the other before the rest: the largest of them counts where it is larger than all the rest.
    private static Dictionary<string, Quantity> Total(JsonObject pod, string part)
    {
        var total = new Dictionary<string, Quantity>();
        foreach (var container in pod.Items("spec.containers"))
        {
            foreach (var (resource, amount) in Amounts(container, part))
            {
                total[resource] = total.TryGetValue(resource, out var sum) ? sum + amount : amount;
            }
        }

        foreach (var (resource, amount) in pod.Items("spec.initContainers").SelectMany(c => Amounts(c, part)))
        {
            if (!total.TryGetValue(resource, out var sum) || Quantity.Compare(sum, amount) < 0)
            {
                total[resource] = amount;
            }
        }

        return total;
    }

    private static IEnumerable<(string Resource, Quantity Amount)> Amounts(JsonNode container, string part) =>
        (container.At($"resources.{part}") as JsonObject ?? []).Select(p => (p.Key, Read(p.Value)));

    private static void AddService(Dictionary<string, Quantity> usage, KubeObject service)
    {
        var type = service.Json.Text("spec.type");
        if (type is "NodePort" or "LoadBalancer")
        {
            usage["services.nodeports"] = Quantity.FromInteger(service.Json.Items("spec.ports").Count);
        }

        if (type == "LoadBalancer")
        {
            usage["services.loadbalancers"] = Quantity.FromInteger(1);
        }
    }

    private static void AddClaim(Dictionary<string, Quantity> usage, KubeObject claim)
    {
        var storage = Read((claim.Json.At("spec.resources.requests") as JsonObject)?["storage"]);
        usage["requests.storage"] = storage;
        if (claim.Json.Text("spec.storageClassName") is { Length: > 0 } storageClass)
        {
            usage[$"{storageClass}.storageclass.storage.k8s.io/requests.storage"] = storage;
            usage[$"{storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims"] = Quantity.FromInteger(1);
        }
    }

    /// <summary>A quantity in an object; zero when there is none.</summary>
    public static Quantity Read(JsonNode? value) => Quantity.Parse((string?)value ?? "0", out _) ?? Quantity.FromInteger(0);
}
