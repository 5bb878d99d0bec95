using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fleet.Hosting.Events;

/// <summary>What an instance publishes and reads.</summary>
internal sealed class EventMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _read;
    private readonly Counter<long> _missed;

    public EventMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Fleet.Events");
        _published = meter.CreateCounter<long>("events_published_total", description: "Events published, by topic and type.");
        _read = meter.CreateCounter<long>("events_read_total", description: "Events read, by topic, type and outcome (done, given_up).");
        _missed = meter.CreateCounter<long>("events_missed_total", description: "Events that were gone before this service came to them, by topic.");
    }

    public void Published(string topic, string type) => _published.Add(1, new TagList { { "topic", topic }, { "type", type } });

    public void Read(FleetEvent happened, bool isDone) =>
        _read.Add(1, new TagList { { "topic", happened.Topic }, { "type", happened.Type }, { "outcome", isDone ? "done" : "given_up" } });

    public void Missed(string topic, long events) => _missed.Add(events, new KeyValuePair<string, object?>("topic", topic));
}
