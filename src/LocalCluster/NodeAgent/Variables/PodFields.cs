using System.Globalization;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Variables;

/// <summary>The fields of a pod, and the resources of its containers, that variables can be taken from (downward API).</summary>
/// <param name="pod">The pod.</param>
/// <param name="podAddress">Its address.</param>
/// <param name="hostAddress">Address of its node.</param>
/// <param name="allocatable">What its node has, which is the limit of a container without one.</param>
internal sealed class PodFields(Pod pod, string podAddress, string hostAddress, IReadOnlyDictionary<string, ResourceQuantity> allocatable)
{
    /// <summary>Value of a field.</summary>
    /// <exception cref="ContainerConfigException">There is no such field.</exception>
    public string Field(string path) => path switch
    {
        "metadata.name" => pod.Metadata.Name,
        "metadata.namespace" => pod.Metadata.Namespace,
        "metadata.uid" => pod.Metadata.Uid ?? "",
        "spec.nodeName" => pod.Spec.NodeName,
        "spec.serviceAccountName" => pod.Spec.ServiceAccountName,
        "status.hostIP" or "status.hostIPs" => hostAddress,
        "status.podIP" or "status.podIPs" => podAddress,
        _ when Subscript(path, "metadata.labels") is { } key => pod.Metadata.Labels.GetValueOrDefault(key, ""),
        _ when Subscript(path, "metadata.annotations") is { } key => pod.Metadata.Annotations.GetValueOrDefault(key, ""),
        _ => throw new ContainerConfigException($"unsupported fieldPath: {path}"),
    };

    /// <summary>Value of a resource, in whole units of the divisor, rounded up.</summary>
    /// <exception cref="ContainerConfigException">There is no such container or resource.</exception>
    public string Resource(V1ResourceFieldSelector selector, V1Container own)
    {
        var container = string.IsNullOrEmpty(selector.ContainerName)
            ? own
            : pod.Spec.Containers.FirstOrDefault(c => c.Name == selector.ContainerName)
                ?? throw new ContainerConfigException($"container {selector.ContainerName} not found");
        var (list, resource) = selector.Resource.Split('.', 2) switch
        {
            ["limits", var name] => (container.Resources?.Limits, name),
            ["requests", var name] => (container.Resources?.Requests, name),
            _ => throw new ContainerConfigException($"unsupported container resource : {selector.Resource}"),
        };
        var amount = list is not null && list.TryGetValue(resource, out var quantity) ? quantity.ToDecimal()
            : selector.Resource.StartsWith("limits.", StringComparison.Ordinal) && allocatable.TryGetValue(resource, out var all) ? all.ToDecimal()
            : 0;
        var divisor = selector.Divisor?.ToDecimal() is { } given and not 0 ? given : 1;
        return Math.Ceiling(amount / divisor).ToString("0", CultureInfo.InvariantCulture);
    }

    private static string? Subscript(string path, string map) =>
        path.StartsWith($"{map}['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal)
            ? path[(map.Length + 2)..^2]
            : null;
}
