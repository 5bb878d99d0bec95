using System.Net;

namespace LocalCluster.NodeAgent;

/// <summary>How pods of a node agent are reached from this machine.</summary>
/// <param name="options">Which addresses pods report, and on which they listen.</param>
public sealed class PodNetwork(NodeAgentOptions options)
{
    private readonly string _reported = $"{options.PodAddressPrefix}.";
    private readonly string _listening = $"{options.ListenAddressPrefix}.";

    /// <summary>The address to dial for a pod's address. Addresses of pods that are not the agent's stay as they are.</summary>
    public string Route(string podAddress)
    {
        ArgumentNullException.ThrowIfNull(podAddress);
        return podAddress.StartsWith(_reported, StringComparison.Ordinal) ? _listening + podAddress[_reported.Length..] : podAddress;
    }

    /// <summary>Where the pod of an address listens.</summary>
    internal IPAddress Listen(string podAddress) => IPAddress.Parse(Route(podAddress));
}
