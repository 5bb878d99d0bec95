using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Resources;

namespace Gateway.Reporting;

/// <summary>
/// What the gateway can't do now of what policies say, because something that it needs is away: said in the status of routes, and in the report, until it
/// is back.
/// </summary>
internal sealed class Shortfalls
{
    private readonly ConcurrentDictionary<(ObjectKey Service, string What), string> _known = [];

    /// <summary>Told of a Service of which something else is to be said than before.</summary>
    public Action<ObjectKey>? Changed { get; set; }

    /// <summary>Says what is short at a Service.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="what">The setting that it concerns; one thing is said of each.</param>
    /// <param name="message">What is missing; null when nothing is any more.</param>
    public void Say(ObjectKey service, string what, string? message)
    {
        var key = (service, what);
        var changed = message is null ? _known.TryRemove(key, out _) : _known.GetValueOrDefault(key) != message;
        if (message is not null)
        {
            _known[key] = message;
        }

        if (changed)
        {
            Changed?.Invoke(service);
        }
    }

    /// <summary>Nothing is short at a Service any more: another policy holds for it, and what it needs is to be seen.</summary>
    public void Forget(ObjectKey service)
    {
        foreach (var (_, what) in _known.Keys.Where(key => key.Service == service).ToList())
        {
            Say(service, what, message: null);
        }
    }

    /// <summary>Everything that is short at a Service, in the order of the settings.</summary>
    public IReadOnlyList<string> Of(ObjectKey service) => _known.IsEmpty ? [] : [.. _known.Where(entry => entry.Key.Service == service).OrderBy(static entry => entry.Key.What, StringComparer.Ordinal).Select(static entry => $"{entry.Key.What}: {entry.Value}")];

    /// <summary>Everything that is short, by Service.</summary>
    public IReadOnlyList<(ObjectKey Service, string Message)> All => [.. _known.OrderBy(static entry => entry.Key.Service, ObjectKey.ListOrder).Select(static entry => (entry.Key.Service, $"{entry.Key.What}: {entry.Value}"))];
}
