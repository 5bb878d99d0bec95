namespace LocalCluster.NodeAgent.Logs;

/// <summary>Finds the logs of containers.</summary>
internal interface IContainerLogs
{
    /// <summary>The log of a container.</summary>
    /// <param name="ns">Namespace of the pod.</param>
    /// <param name="pod">Name of the pod.</param>
    /// <param name="container">Name of the container.</param>
    /// <param name="previous">The run before the present one.</param>
    /// <exception cref="LogUnavailableException">There is none.</exception>
    LogBuffer Find(string ns, string pod, string container, bool previous);
}

/// <summary>There is no such log.</summary>
/// <param name="isUnknown">True when there is no such pod or container, false when it has not written one.</param>
/// <param name="message">Why, in a kubelet's words.</param>
internal sealed class LogUnavailableException(bool isUnknown, string message) : Exception(message)
{
    public bool IsUnknown { get; } = isUnknown;
}
