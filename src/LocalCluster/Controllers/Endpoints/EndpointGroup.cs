using System.Globalization;
using System.Net;
using System.Net.Sockets;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Endpoints;

/// <summary>Pods of a Service that serve it on the same ports. Named ports may differ from pod to pod in number, so there may be several groups.</summary>
/// <param name="Ports">Ports on the pods.</param>
/// <param name="Endpoints">The pods.</param>
internal sealed record EndpointGroup(IReadOnlyList<EndpointPort> Ports, IReadOnlyList<Endpoint> Endpoints)
{
    /// <summary>Finds the groups of a Service.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="pods">Pods of its namespace.</param>
    /// <param name="findNode">Finds a node by name; null when there is none.</param>
    public static IReadOnlyList<EndpointGroup> Of(Service service, IEnumerable<Pod> pods, Func<string, Node?> findNode)
    {
        var selected = pods.Where(pod => service.Selects(pod) && !pod.IsFinished && Address(pod) is not null)
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal);
        var groups = new Dictionary<string, (IReadOnlyList<EndpointPort> Ports, List<Endpoint> Endpoints)>(StringComparer.Ordinal);
        foreach (var pod in selected)
        {
            // A pod whose node is gone will be collected; nothing answers there any more.
            var node = findNode(pod.Spec.NodeName);
            if (node is null && !service.Spec.PublishNotReadyAddresses)
            {
                continue;
            }

            var ports = PortsOn(pod, service);
            var key = KeyOf(ports);
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = (ports, []);
            }

            group.Endpoints.Add(ToEndpoint(service, pod, node));
        }

        return [.. groups.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new EndpointGroup(group.Value.Ports, group.Value.Endpoints))];
    }

    /// <summary>Tells sets of ports apart.</summary>
    public static string KeyOf(IEnumerable<EndpointPort> ports) =>
        string.Join(';', ports.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name}/{p.Protocol}/{p.Port}/{p.AppProtocol}")).Order(StringComparer.Ordinal));

    private static string? Address(Pod pod) => pod.Status.PodIps.Select(ip => ip.Ip)
        .FirstOrDefault(ip => IPAddress.TryParse(ip, out var address) && address.AddressFamily == AddressFamily.InterNetwork);

    private static Endpoint ToEndpoint(Service service, Pod pod, Node? node) => new()
    {
        Addresses = [Address(pod)!],
        Conditions = new EndpointConditions(
            Ready: service.Spec.PublishNotReadyAddresses || (pod.IsReady && !pod.IsTerminating),
            Serving: pod.IsReady,
            Terminating: pod.IsTerminating),
        Hostname = pod.Spec.Hostname.Length > 0 && pod.Spec.Subdomain == service.Metadata.Name ? pod.Spec.Hostname : null,
        NodeName = pod.Spec.NodeName.Length > 0 ? pod.Spec.NodeName : null,
        TargetRef = new EndpointTarget
        {
            Kind = "Pod",
            Namespace = pod.Metadata.Namespace,
            Name = pod.Metadata.Name,
            Uid = pod.Metadata.Uid,
        },
        Zone = node?.Zone,
    };

    private static IReadOnlyList<EndpointPort> PortsOn(Pod pod, Service service) =>
    [
        .. service.Spec.Ports.Select(port => (Port: port, Number: TargetPort(pod, port))).Where(found => found.Number is not null)
            .Select(found => new EndpointPort
            {
                Name = found.Port.Name ?? "",
                Port = found.Number,
                Protocol = found.Port.Protocol ?? "TCP",
                AppProtocol = found.Port.AppProtocol,
            }),
    ];

    private static int? TargetPort(Pod pod, V1ServicePort port)
    {
        var target = port.TargetPort?.Value;
        if (target is null)
        {
            return port.Port;
        }

        return int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : pod.Spec.Containers.SelectMany(container => container.Ports ?? [])
                .FirstOrDefault(p => p.Name == target && (p.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))?.ContainerPort;
    }
}
