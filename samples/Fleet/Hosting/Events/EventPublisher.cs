using System.Diagnostics;

namespace Fleet.Hosting.Events;

/// <summary>Publishes what happens in an instance, as part of the request that it happens in.</summary>
internal sealed class EventPublisher(FleetInstance instance, CurrentRequest current, EventMetrics metrics)
{
    /// <summary>Publishes an event.</summary>
    /// <param name="topic">Topic; the service's manifest must declare it.</param>
    /// <param name="type">What happened.</param>
    /// <param name="key">Id of what it happened to.</param>
    /// <param name="data">More about it: ids, numbers and words, never a personal datum.</param>
    public void Publish(string topic, string type, string key, params IEnumerable<(string Name, string? Value)> data)
    {
        var known = data.Where(d => d.Value is not null).ToDictionary(d => d.Name, d => d.Value!);
        instance.Stores.Broker(instance.Namespace, instance.Time).Publish(topic, type, key, known, current.Id, Activity.Current?.Id);
        metrics.Published(topic, type);
    }
}
