using ControlPlane.Kubernetes.Client;

namespace LocalCluster.Workloads;

/// <summary>Tells what an API can do to a call from what is a defect of the caller.</summary>
internal static class ApiFailure
{
    /// <summary>True when the API refused, could not be reached, or did not answer.</summary>
    public static bool Is(Exception e) => e is KubeApiException or HttpRequestException or IOException or TimeoutException;
}
