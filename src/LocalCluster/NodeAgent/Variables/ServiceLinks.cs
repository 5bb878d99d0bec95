using System.Globalization;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Variables;

/// <summary>
/// The variables by which a container learns of the Services of its namespace, as Docker's links had them: <c>ORDER_SERVICE_HOST</c>,
/// <c>ORDER_SERVICE_PORT</c>, <c>ORDER_PORT_80_TCP_ADDR</c> … The API's own Service is no one's link: containers see no token to use it with.
/// </summary>
internal static class ServiceLinks
{
    /// <summary>Variables of the Services that have an address.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IEnumerable<Service> services) =>
        services.Where(service => !service.Spec.IsHeadless && service.Spec.Ports.Count > 0)
            .OrderBy(service => service.Metadata.Name, StringComparer.Ordinal)
            .SelectMany(Of);

    private static IEnumerable<KeyValuePair<string, string>> Of(Service service)
    {
        var (name, address, ports) = (Upper(service.Metadata.Name), service.Spec.ClusterIp, service.Spec.Ports);
        yield return new($"{name}_SERVICE_HOST", address);
        yield return new($"{name}_SERVICE_PORT", Text(ports[0].Port));
        foreach (var port in ports.Where(port => !string.IsNullOrEmpty(port.Name)))
        {
            yield return new($"{name}_SERVICE_PORT_{Upper(port.Name)}", Text(port.Port));
        }

        yield return new($"{name}_PORT", Url(ports[0].Protocol, address, ports[0].Port));
        foreach (var port in ports)
        {
            var prefix = $"{name}_PORT_{Text(port.Port)}_{port.Protocol ?? "TCP"}";
            yield return new(prefix, Url(port.Protocol, address, port.Port));
            yield return new($"{prefix}_PROTO", Lower(port.Protocol));
            yield return new($"{prefix}_PORT", Text(port.Port));
            yield return new($"{prefix}_ADDR", address);
        }
    }

    private static string Url(string? protocol, string address, int port) => $"{Lower(protocol)}://{address}:{Text(port)}";

    private static string Lower(string? protocol) => (protocol ?? "TCP").ToLowerInvariant();

    private static string Upper(string name) => name.ToUpperInvariant().Replace('-', '_');

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
