using ControlPlane.Kubernetes.Caching;

namespace ControlPlane.Api.Cluster;

/// <summary>Which cluster this is, and whether it can be followed.</summary>
/// <param name="Name">Name that people know it by: the context of the kubeconfig, or <c>embedded</c>.</param>
/// <param name="Server">Address of its API.</param>
/// <param name="State">The least trustworthy of all caches that the cluster serves.</param>
public sealed record ClusterStatus(string Name, Uri Server, CacheState State);
