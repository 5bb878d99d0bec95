using System.Globalization;
using System.Net;
using k8s.Models;
using LocalCluster.NodeAgent.Network;

namespace LocalCluster.NodeAgent.Probes;

/// <summary>Makes the probes that containers declare.</summary>
/// <param name="http">Sends HTTP probes.</param>
/// <param name="network">How pods are reached.</param>
internal sealed class ProbeFactory(HttpMessageInvoker http, PodNetwork network)
{
    /// <summary>Makes a probe.</summary>
    /// <param name="probe">What is declared.</param>
    /// <param name="container">Its container.</param>
    /// <param name="podAddress">Address of its pod.</param>
    /// <param name="warning">What people should know about it; null for nothing.</param>
    public IProbe Create(V1Probe probe, V1Container container, string podAddress, out string? warning)
    {
        warning = null;
        switch (probe)
        {
            case { HttpGet: { } get }:
                return Http(get, container, podAddress);
            case { TcpSocket: { } tcp } when Port(tcp.Port, container) is { } port:
                return Tcp(tcp.Host, port, podAddress);
            case { Exec: not null }:
                warning = "a container of this node agent runs in the agent's process, where no command can be run: the exec probe counts as passing";
                return new PassingProbe();
            case { Grpc: not null }:
                return new ImpossibleProbe("this node agent makes no gRPC probes; use httpGet or tcpSocket");
            default:
                return new ImpossibleProbe("the probe names no port of the container");
        }
    }

    private IProbe Http(V1HTTPGetAction get, V1Container container, string podAddress)
    {
        if (Port(get.Port, container) is not { } port)
        {
            return new ImpossibleProbe($"the container has no port {get.Port.Value}");
        }

        var scheme = (get.Scheme ?? "HTTP").ToLowerInvariant();
        var path = get.Path is { Length: > 0 } given ? (given[0] == '/' ? given : $"/{given}") : "/";
        var shown = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{get.Host ?? podAddress}:{port}{path}");
        var dialled = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{get.Host ?? network.Route(podAddress)}:{port}{path}");
        var headers = (get.HttpHeaders ?? []).Select(header => KeyValuePair.Create(header.Name, header.Value)).ToList();
        return Uri.TryCreate(dialled, UriKind.Absolute, out var address)
            ? new HttpProbe(http, address, shown, headers)
            : new ImpossibleProbe($"{shown} is no URL");
    }

    private TcpProbe Tcp(string? host, int port, string podAddress)
    {
        var shown = string.Create(CultureInfo.InvariantCulture, $"{host ?? podAddress}:{port}");
        return new TcpProbe(host is null ? new IPEndPoint(network.Listen(podAddress), port) : new DnsEndPoint(host, port), shown);
    }

    /// <summary>Number of a port that may be given by the name that the container gives it.</summary>
    public static int? Port(IntOrString? port, V1Container container) =>
        port?.Value is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : container.Ports?.FirstOrDefault(p => p.Name == text)?.ContainerPort;
}
