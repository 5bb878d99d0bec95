using System.Collections.Concurrent;

namespace Fleet.Hosting.Events;

/// <summary>The topics of a namespace. What a broker such as Kafka would be, in memory: it outlives instances, and not the process.</summary>
internal sealed class EventBroker(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, EventTopic> _topics = [];

    public EventTopic Topic(string name) => _topics.GetOrAdd(name, static _ => new EventTopic());

    public void Publish(string topic, string type, string key, IReadOnlyDictionary<string, string> data, string? requestId, string? traceParent) =>
        Topic(topic).Publish(new FleetEvent(topic, type, key, data, Offset: 0, time.GetUtcNow(), requestId, traceParent));
}
