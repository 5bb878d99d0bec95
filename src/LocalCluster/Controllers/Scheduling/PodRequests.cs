using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>What a pod asks for. What it does not ask for it does not get counted.</summary>
internal static class PodRequests
{
    /// <summary>
    /// Sums over the containers. Init containers run one after the other before them, so that only the largest counts; sidecars run all the
    /// time and count beside everything that starts after them.
    /// </summary>
    public static Dictionary<string, decimal> Of(PodSpec spec)
    {
        var sum = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var largest = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var sidecars = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var container in spec.Containers)
        {
            Add(sum, container.Resources?.Requests);
        }

        foreach (var container in spec.InitContainers)
        {
            if (container.RestartPolicy == "Always")
            {
                Add(sum, container.Resources?.Requests);
                Add(sidecars, container.Resources?.Requests);
            }
            else
            {
                var need = new Dictionary<string, decimal>(sidecars, StringComparer.Ordinal);
                Add(need, container.Resources?.Requests);
                Raise(largest, need);
            }
        }

        Raise(sum, largest);
        Add(sum, spec.Overhead);
        return sum;
    }

    private static void Add(Dictionary<string, decimal> sum, IEnumerable<KeyValuePair<string, ResourceQuantity>>? requests)
    {
        foreach (var (resource, quantity) in requests ?? [])
        {
            sum[resource] = sum.GetValueOrDefault(resource) + quantity.ToDecimal();
        }
    }

    private static void Raise(Dictionary<string, decimal> sum, Dictionary<string, decimal> floor)
    {
        foreach (var (resource, quantity) in floor)
        {
            sum[resource] = Math.Max(sum.GetValueOrDefault(resource), quantity);
        }
    }
}
