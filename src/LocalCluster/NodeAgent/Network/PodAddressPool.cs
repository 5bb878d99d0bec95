using System.Globalization;

namespace LocalCluster.NodeAgent.Network;

/// <summary>
/// Hands out pod addresses. One that was given back is the last to be handed out again: whoever still dials it should find nobody rather than
/// somebody else.
/// </summary>
/// <param name="prefix">First two numbers of all addresses.</param>
internal sealed class PodAddressPool(string prefix)
{
    /// <summary>Third number of the addresses that no pod is given: they are for what else of the cluster listens.</summary>
    public const int Spare = 255;

    private const int Hosts = 254 * Spare;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _holders = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>Keeps the address that a pod has already.</summary>
    /// <returns>False when it is none of the pool's, or another pod has it.</returns>
    public bool TryKeep(string address, string podUid)
    {
        lock (_gate)
        {
            return address.StartsWith($"{prefix}.", StringComparison.Ordinal)
                && (_holders.TryAdd(address, podUid) || _holders[address] == podUid);
        }
    }

    /// <summary>Takes a free address for a pod.</summary>
    public string Take(string podUid)
    {
        lock (_gate)
        {
            for (var tries = 0; tries < Hosts; tries++)
            {
                var host = _next++ % Hosts;
                var address = string.Create(CultureInfo.InvariantCulture, $"{prefix}.{host / 254}.{(host % 254) + 1}");
                if (_holders.TryAdd(address, podUid))
                {
                    return address;
                }
            }
        }

        throw new InvalidOperationException($"all addresses of {prefix}.0.0/16 are taken");
    }

    /// <summary>Gives an address back.</summary>
    public void Return(string address)
    {
        lock (_gate)
        {
            _holders.Remove(address);
        }
    }
}
