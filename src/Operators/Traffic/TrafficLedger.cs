using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Traffic;

/// <summary>
/// What became of policies, service by service, as the last reconciles saw it. In memory: after a start every service is looked at again, and
/// the policies' status is written from it only then.
/// </summary>
public sealed class TrafficLedger
{
    private readonly ConcurrentDictionary<ObjectKey, ServiceTraffic> _services = [];

    /// <summary>Raised with the policies that a report concerns, from before and from now.</summary>
    internal event Action<IReadOnlyCollection<PolicyIdentity>>? Reported;

    /// <summary>The last report of a service; null when there was none.</summary>
    public ServiceTraffic? Find(ObjectKey service) => _services.GetValueOrDefault(service);

    internal void Report(ObjectKey service, ServiceTraffic traffic)
    {
        var before = _services.GetValueOrDefault(service);
        _services[service] = traffic;
        Tell(before, traffic);
    }

    internal void Forget(ObjectKey service)
    {
        if (_services.TryRemove(service, out var before))
        {
            Tell(before, null);
        }
    }

    private void Tell(ServiceTraffic? before, ServiceTraffic? now)
    {
        var concerned = (before?.Policies.Keys ?? []).Union(now?.Policies.Keys ?? []).ToList();
        if (concerned.Count > 0)
        {
            Reported?.Invoke(concerned);
        }
    }
}
