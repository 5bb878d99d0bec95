namespace Operators.Discovery;

/// <summary>How the control plane reaches pods.</summary>
public interface IPodNetwork
{
    /// <summary>The address to dial for a pod's address.</summary>
    string Route(string podAddress);
}

/// <summary>The cluster's own network: pods are where they say they are.</summary>
public sealed class ClusterPodNetwork : IPodNetwork
{
    /// <inheritdoc/>
    public string Route(string podAddress) => podAddress;
}
