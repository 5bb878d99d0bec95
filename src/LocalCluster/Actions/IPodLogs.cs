using ControlPlane.Kubernetes.Resources;
using LocalCluster.Resources;

namespace LocalCluster.Actions;

/// <summary>Where the logs of containers come from.</summary>
internal interface IPodLogs
{
    /// <summary>Opens the log of a container. Ends when the log does, or with <c>follow</c> when the container does.</summary>
    /// <param name="pod">Namespace and name of the pod.</param>
    /// <param name="node">The node that runs it.</param>
    /// <param name="container">The container.</param>
    /// <param name="query">The options of the request, such as <c>?follow=true&amp;tailLines=10</c>.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="Errors.StatusException">The node does not answer, or has no such log.</exception>
    Task<Stream> OpenAsync(ObjectKey pod, KubeObject node, string container, string query, CancellationToken cancellationToken);
}
