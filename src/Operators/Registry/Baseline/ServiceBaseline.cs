using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>The Service in front of the pods.</summary>
internal static class ServiceBaseline
{
    public static DesiredObject Plan(ServiceSnapshot snapshot)
    {
        var service = snapshot.Service;
        var workload = service.Spec.Workload!;
        var metadata = BaselineMetadata.For(service, workload.ObjectNames?.Service);
        metadata.Annotations = snapshot.FrontAnnotations.Count > 0 ? snapshot.FrontAnnotations.ToDictionary() : null;
        return DesiredObject.From(KnownResources.Services, new V1Service
        {
            Metadata = metadata,
            Spec = new V1ServiceSpec
            {
                Type = "ClusterIP",
                Selector = BaselineMetadata.PodSelector(service),
                Ports = [.. WorkloadPorts.Of(workload).Select(port => new V1ServicePort
                {
                    Name = port.Name,
                    Port = port.Port,
                    TargetPort = port.Target(),
                    Protocol = port.Protocol,
                    AppProtocol = port.AppProtocol,
                })],
            },
        });
    }
}
