using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Caching;
using Gateway.Resources;

namespace Gateway.Backends;

/// <summary>
/// Which version runs at an address, by the label of its Pod: during a release one Service has instances of two. Where a Pod says nothing, the label of the Service
/// counts.
/// </summary>
internal sealed class InstanceVersions
{
    /// <summary>The label that says the version.</summary>
    public const string Label = "app.kubernetes.io/version";

    private readonly ConcurrentDictionary<string, (string Pod, string Version)> _byAddress = new(StringComparer.Ordinal);

    public InstanceVersions(ObjectCache<PodInstance> pods) => pods.Subscribe(change =>
    {
        if (change.Old?.Status.Address is { } before && _byAddress.TryGetValue(before, out var held) && held.Pod == change.Key.ToString())
        {
            _byAddress.TryRemove(new(before, held)); // unless another Pod has been given the address since
        }

        if (change.New is { Status.Address: { } address } pod && pod.Metadata.Labels.TryGetValue(Label, out var version))
        {
            _byAddress[address] = (change.Key.ToString(), version);
        }
    });

    /// <summary>The version; null when it is not known.</summary>
    public string? Of(BackendEndpoint instance) => _byAddress.TryGetValue(instance.Address, out var held) ? held.Version : null;
}
