using System.Collections.Concurrent;
using System.Net;
using ControlPlane.Kubernetes.Caching;
using Gateway.Resources;

namespace Gateway.Backends;

/// <summary>
/// Which Service an address belongs to, by its EndpointSlices: so the gateway knows who calls without asking. An instance of several Services is that of the
/// one with the shortest name: <c>order</c> rather than <c>order-canary</c>.
/// </summary>
internal sealed class SourceDirectory
{
    private static readonly IComparer<string> ShortestFirst =
        Comparer<string>.Create(static (a, b) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b));

    private readonly Func<string, string> _dial;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, List<string>> _services = [];
    private readonly ConcurrentDictionary<IPAddress, string> _byAddress = [];

    /// <param name="slices">Instances.</param>
    /// <param name="dial">The address that an instance's address has on this machine.</param>
    public SourceDirectory(ObjectCache<EndpointSlice> slices, Func<string, string> dial)
    {
        _dial = dial;
        slices.Subscribe(change =>
        {
            lock (_gate)
            {
                Change(change.Old, static (services, name) => services.Remove(name));
                Change(change.New, static (services, name) => services.Add(name));
            }
        });
    }

    /// <summary>The Service, as <c>namespace/name</c>; empty when the address is none's.</summary>
    public string Of(IPAddress? address) =>
        address is null ? "" : _byAddress.GetValueOrDefault(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, "");

    private void Change(EndpointSlice? slice, Action<List<string>, string> change)
    {
        if (slice?.Service is not { } service)
        {
            return;
        }

        foreach (var text in slice.Endpoints.SelectMany(static endpoint => endpoint.Addresses))
        {
            if (!IPAddress.TryParse(_dial(text), out var address))
            {
                continue;
            }

            if (!_services.TryGetValue(address, out var services))
            {
                _services[address] = services = [];
            }

            change(services, service.ToString());
            if (services.Count == 0)
            {
                _services.Remove(address);
                _byAddress.TryRemove(address, out _);
            }
            else
            {
                _byAddress[address] = services.Min(ShortestFirst)!;
            }
        }
    }
}
