using System.Globalization;
using System.Net;
using LocalCluster.NodeAgent.Network;

namespace LocalCluster.NodeAgent;

/// <summary>How pods of a node agent are reached from this machine.</summary>
public sealed class PodNetwork
{
    private readonly string _reported;
    private readonly string _listening;

    /// <param name="reported">First two numbers of the addresses that pods report.</param>
    /// <param name="listening">First two numbers of the addresses on which they listen.</param>
    internal PodNetwork(string reported, string listening)
    {
        _reported = $"{reported}.";
        _listening = $"{listening}.";
    }

    /// <summary>First three numbers of 254 loopback addresses that are this agent's alone, and no pod's: such as <c>127.88.255</c>.</summary>
    public string SparePrefix => string.Create(CultureInfo.InvariantCulture, $"{_listening}{PodAddressPool.Spare}");

    /// <summary>The address to dial for a pod's address. Addresses of pods that are not the agent's stay as they are.</summary>
    public string Route(string podAddress)
    {
        ArgumentNullException.ThrowIfNull(podAddress);
        return podAddress.StartsWith(_reported, StringComparison.Ordinal) ? _listening + podAddress[_reported.Length..] : podAddress;
    }

    /// <summary>Where the pod of an address listens.</summary>
    internal IPAddress Listen(string podAddress) => IPAddress.Parse(Route(podAddress));
}
