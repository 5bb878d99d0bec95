using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Endpoints;

/// <summary>The Endpoints object of a Service.</summary>
internal static class LegacyEndpointsPlanner
{
    private const string ManagedByLabel = "endpoints.kubernetes.io/managed-by";
    private const string ManagedBy = "endpoint-controller";

    /// <summary>True when this controller keeps the object.</summary>
    public static bool IsManaged(LegacyEndpoints endpoints) => endpoints.Metadata.Labels.GetValueOrDefault(ManagedByLabel) == ManagedBy;

    /// <summary>Plans the object.</summary>
    public static LegacyEndpoints Plan(Service service, IReadOnlyList<EndpointGroup> groups) => new()
    {
        Metadata = new ObjectMeta { Labels = PublishedLabels.Of(service, (ManagedByLabel, ManagedBy)) },
        Subsets =
        [
            .. groups.Select(group => Subset(service, group)).Where(subset => subset.Addresses.Count + subset.NotReadyAddresses.Count > 0),
        ],
    };

    private static EndpointSubset Subset(Service service, EndpointGroup group)
    {
        var shown = group.Endpoints.Where(endpoint => service.Spec.PublishNotReadyAddresses || endpoint.Conditions.Terminating != true)
            .OrderBy(endpoint => endpoint.Addresses[0], StringComparer.Ordinal).ToLookup(endpoint => endpoint.Conditions.Ready == true, ToAddress);
        return new EndpointSubset
        {
            Addresses = [.. shown[true]],
            NotReadyAddresses = [.. shown[false]],
            Ports =
            [
                .. group.Ports.OrderBy(port => port.Name, StringComparer.Ordinal).Select(port => new LegacyEndpointPort
                {
                    Name = string.IsNullOrEmpty(port.Name) ? null : port.Name,
                    Port = port.Port,
                    Protocol = port.Protocol,
                    AppProtocol = port.AppProtocol,
                }),
            ],
        };
    }

    private static EndpointAddress ToAddress(Endpoint endpoint) => new()
    {
        Ip = endpoint.Addresses[0],
        Hostname = endpoint.Hostname,
        NodeName = endpoint.NodeName,
        TargetRef = endpoint.TargetRef,
    };
}
