using System.Net;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Gateway.Resources;

namespace Gateway.Backends;

/// <summary>The instances that take the requests to a port of a Service.</summary>
/// <param name="Endpoints">Each once.</param>
/// <param name="IsHttp2">They speak HTTP/2.</param>
/// <param name="AwaitsPods">There are some whose Pods have not been heard of yet.</param>
internal sealed record EndpointPlan(IReadOnlyList<PlannedEndpoint> Endpoints, bool IsHttp2, bool AwaitsPods)
{
    public static EndpointPlan None { get; } = new([], IsHttp2: false, AwaitsPods: false);
}

/// <summary>An instance.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port.</param>
/// <param name="Track">The track of its Pod; empty where it does not say.</param>
internal readonly record struct PlannedEndpoint(string Address, int Port, string Track = "");

/// <summary>Which instances take the requests to a port of a Service: those that are ready; while there are none, those that still serve on their way out.</summary>
internal static class EndpointPlanner
{
    private const string Http2 = "kubernetes.io/h2c";

    /// <param name="service">The Service; null when there is none.</param>
    /// <param name="port">Its port.</param>
    /// <param name="slices">Its instances.</param>
    /// <param name="findPod">Finds Pods.</param>
    /// <param name="isMoved">
    /// A rollout moves it. Then an instance whose Pod has not been heard of yet waits while there are others: it may be a canary that is to get nothing.
    /// </param>
    public static EndpointPlan Plan(Service? service, int port, IEnumerable<EndpointSlice> slices, Func<ObjectKey, PodInstance?> findPod, bool isMoved)
    {
        if (service?.Spec.Ports.FirstOrDefault(candidate => candidate.Port == port) is not { } servicePort)
        {
            return EndpointPlan.None;
        }

        var instances = slices
            .Where(slice => slice.AddressType is "IPv4" or "IPv6")
            .SelectMany(slice => slice.Ports
                .Where(candidate => (candidate.Name ?? "") == servicePort.Name && candidate.Port is not null)
                .SelectMany(candidate => slice.Endpoints.SelectMany(endpoint => endpoint.Addresses.Take(1)
                    .Select(address => (endpoint.Conditions, Address: address, Port: candidate.Port!.Value, Track: TrackOf(slice, endpoint, findPod))))))
            .Where(instance => IPAddress.TryParse(instance.Address, out _))
            .ToList();
        var ready = instances.FindAll(instance => instance.Conditions.Ready != false);
        var chosen = ready.Count > 0 ? ready : instances.FindAll(instance => instance.Conditions is { Serving: not false, Terminating: true });
        var known = chosen.FindAll(instance => instance.Track is not null);
        var used = isMoved && known.Count > 0 ? known : chosen;
        return new(
            [.. used.Select(instance => new PlannedEndpoint(instance.Address, instance.Port, instance.Track ?? "")).DistinctBy(static endpoint => (endpoint.Address, endpoint.Port))],
            servicePort.AppProtocol == Http2,
            known.Count < chosen.Count);
    }

    /// <summary>The track; empty for none, null while the Pod has not been heard of.</summary>
    private static string? TrackOf(EndpointSlice slice, SliceEndpoint endpoint, Func<ObjectKey, PodInstance?> findPod) =>
        endpoint.TargetRef is not { Kind: "Pod", Name: var name } ? ""
        : findPod(new(slice.Metadata.Namespace, name)) is { } pod ? pod.Metadata.Labels.GetValueOrDefault(Tracks.Label, "")
        : null;
}
