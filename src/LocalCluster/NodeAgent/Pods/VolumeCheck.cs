using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>
/// Containers that run in a process see no volumes. A pod whose ConfigMaps or Secrets are missing still has to wait for them, as it would on a
/// kubelet; and one whose volumes hold anything is told that its containers do not see it.
/// </summary>
internal static class VolumeCheck
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);
    private static readonly ResourceType Secrets = new("", "v1", "secrets", "Secret");

    /// <summary>Waits until all that must be there is there.</summary>
    public static async Task WaitAsync(Pod pod, PodRuntime runtime, PodEvents events, CancellationToken cancellationToken)
    {
        while (await MissingAsync(pod, runtime.Api, cancellationToken) is { } missing)
        {
            events.Warning("FailedMount", missing);
            await Task.Delay(Retry, runtime.Time, cancellationToken);
        }

        var unseen = pod.Spec.Volumes.Where(volume => volume is { EmptyDir: null, Projected: null, DownwardAPI: null }).Select(volume => volume.Name).ToList();
        if (unseen.Count > 0)
        {
            events.Warning("VolumesNotMounted", $"containers of this node agent run in its process and see no volumes: {string.Join(", ", unseen)}");
        }
    }

    private static async Task<string?> MissingAsync(Pod pod, KubeApi api, CancellationToken cancellationToken)
    {
        foreach (var volume in pod.Spec.Volumes)
        {
            var (type, name) = volume switch
            {
                { ConfigMap: { Optional: not true } map } => (KnownResources.ConfigMaps, map.Name),
                { Secret: { Optional: not true } secret } => (Secrets, secret.SecretName),
                _ => (null, null),
            };
            if (type is not null && name is not null && !await ExistsAsync(api, type, new ObjectKey(pod.Metadata.Namespace, name), cancellationToken))
            {
                return $"MountVolume.SetUp failed for volume \"{volume.Name}\" : {type.Kind.ToLowerInvariant()} \"{name}\" not found";
            }
        }

        return null;
    }

    private static async Task<bool> ExistsAsync(KubeApi api, ResourceType type, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await api.GetBytesAsync(type, key, cancellationToken);
            return true;
        }
        catch (Exception e) when (ApiFailure.Is(e))
        {
            return false;
        }
    }
}
