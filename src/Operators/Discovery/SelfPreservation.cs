using ControlPlane.Kubernetes.Resources;

namespace Operators.Discovery;

/// <summary>
/// Keeps the last known instances when more than half of all vanish within half a minute: that is more often a broken observer (a network cut, an
/// emptied API) than a broken fleet, and an empty answer would turn the first into the second. The idea is Eureka's; unlike Eureka's it ends by
/// itself: when 85 % are back, when a service has as many as before, or after a quarter of an hour.
/// </summary>
/// <remarks>
/// An instance that is being terminated or that somebody found not ready has not vanished, and neither has one that is no longer wanted (scaled
/// down, service deleted). Not thread-safe: the owner serialises calls.
/// </remarks>
public sealed class SelfPreservation(TimeProvider time)
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private const double Recovered = 0.85;
    private const int Fewest = 2;

    private readonly Dictionary<ObjectKey, Known> _services = [];
    private readonly Queue<(DateTimeOffset At, ObjectKey Service, string Name)> _losses = new();
    private int _present;
    private int _missing;
    private int _before;

    private DateTimeOffset? _activeSince;

    /// <summary>Since when the last known instances are kept (UTC); null when they are not.</summary>
    public DateTimeOffset? ActiveSince
    {
        get
        {
            Expire();
            return _activeSince;
        }
    }

    /// <summary>Takes in the instances of a service as they are now.</summary>
    /// <param name="service">The service.</param>
    /// <param name="instances">All of its instances, in whatever state.</param>
    /// <param name="wanted">How many are wanted; 0 when the service is no longer declared.</param>
    public void Observe(ObjectKey service, IReadOnlyList<Instance> instances, int wanted)
    {
        ArgumentNullException.ThrowIfNull(instances);
        Expire();
        var now = time.GetUtcNow();
        var known = _services.GetValueOrDefault(service) ?? (_services[service] = new Known());
        var seen = instances.Select(instance => instance.Name).ToHashSet(StringComparer.Ordinal);
        var present = instances.Where(instance => instance.State != InstanceState.Terminating).ToDictionary(instance => instance.Name, StringComparer.Ordinal);
        foreach (var (name, instance) in known.Present.Where(pair => !seen.Contains(pair.Key)))
        {
            known.Missing[name] = (instance, now);
            _missing++;
            _losses.Enqueue((now, service, name));
        }

        _present += present.Count - known.Present.Count;
        known.Present = present;
        foreach (var back in known.Missing.Keys.Where(seen.Contains).ToList())
        {
            Forget(known, back);
        }

        // What is no longer wanted has not vanished, and what was replaced is not missed.
        while (known.Missing.Count > 0 && known.Present.Count + known.Missing.Count > wanted)
        {
            Forget(known, known.Missing.OrderBy(missing => missing.Value.Since).ThenBy(missing => missing.Key, StringComparer.Ordinal).First().Key);
        }

        if (known.Present.Count == 0 && known.Missing.Count == 0)
        {
            _services.Remove(service);
        }

        Judge(now);
    }

    /// <summary>The instances of a service that are kept although they vanished; empty when nothing is being preserved.</summary>
    public IReadOnlyList<Instance> Kept(ObjectKey service)
    {
        Expire();
        return _activeSince is not null && _services.TryGetValue(service, out var known)
            ? [.. known.Missing.Values.Where(missing => missing.Last.IsHandedOut).Select(missing => missing.Last with
            {
                State = InstanceState.Preserved,
                Reason = "vanished together with most of the fleet; this is its last known address",
            })]
            : [];
    }

    private void Judge(DateTimeOffset now)
    {
        var all = _present + _missing;
        if (_activeSince is null && all >= Fewest && _missing * 2 > all)
        {
            _activeSince = now;
            _before = all;
        }
        else if (_activeSince is not null && (_missing == 0 || _present >= _before * Recovered))
        {
            End();
        }
    }

    /// <summary>A loss that was not part of a landslide becomes the truth after half a minute; so does everything after a quarter of an hour.</summary>
    private void Expire()
    {
        var now = time.GetUtcNow();
        if (_activeSince is { } since)
        {
            if (now - since >= Longest)
            {
                End();
            }

            return;
        }

        while (_losses.TryPeek(out var loss) && now - loss.At > AtOnce)
        {
            _losses.Dequeue();
            if (_services.TryGetValue(loss.Service, out var known)
                && known.Missing.TryGetValue(loss.Name, out var missing)
                && missing.Since == loss.At)
            {
                Forget(known, loss.Name);
            }
        }
    }

    private void End()
    {
        _activeSince = null;
        _losses.Clear();
        _missing = 0;
        foreach (var known in _services.Values)
        {
            known.Missing.Clear();
        }
    }

    private void Forget(Known known, string name)
    {
        if (known.Missing.Remove(name))
        {
            _missing--;
        }
    }

    private sealed class Known
    {
        public Dictionary<string, Instance> Present { get; set; } = [];

        public Dictionary<string, (Instance Last, DateTimeOffset Since)> Missing { get; } = [];
    }
}
