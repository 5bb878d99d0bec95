using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;

namespace ControlPlane.Api.Traffic.Map;

/// <summary>What the map knows of a Service.</summary>
/// <param name="Key">Namespace and name.</param>
/// <param name="IsVisible">Whether the reader may see it.</param>
/// <param name="Summary">The declared service; null when it is not declared.</param>
internal sealed record MapService(ObjectKey Key, bool IsVisible, ServiceSummary? Summary)
{
    /// <summary>The key of a <c>namespace/name</c>.</summary>
    public static ObjectKey KeyOf(string name) => name.Split('/', 2) is [var ns, var rest] ? new(ns, rest) : new("", name);
}

/// <summary>What of the traffic is to be shown.</summary>
internal sealed record MapView
{
    /// <summary>By what services are put together; null to have that follow their number.</summary>
    public TrafficGrouping? Grouping { get; init; }

    /// <summary>Key of a service or group to narrow the map to.</summary>
    public string? Focus { get; init; }

    /// <summary>Words that one end of a flow must have in its name, team or context.</summary>
    public string? Text { get; init; }
}

/// <summary>
/// Draws the map from a reading: puts services together, narrows to what is looked at, and keeps the number of nodes readable. Pure. A service or group in
/// focus is shown with all that it exchanges, and nothing else.
/// </summary>
internal sealed class TrafficMapBuilder(Func<string, MapService> find, MapView view)
{
    /// <summary>Services up to which each is shown by itself unless asked otherwise.</summary>
    public const int MostUngrouped = 30;

    /// <summary>Nodes that a map has at most, that for the rest not counted.</summary>
    public const int MostNodes = 60;

    public const string Outside = "outside";
    public const string Hidden = "elsewhere";
    public const string Rest = "rest";

    private readonly Dictionary<string, MapService> _services = [];

    public TrafficMap Build(string source, TrafficReading reading, IReadOnlyList<CircuitReading> circuits)
    {
        var series = reading.Series.Where(one => one.Flow.Service.Length > 0).ToList(); // what led to no service is no traffic between any
        var names = series.SelectMany(one => (string[])[one.Flow.Source, one.Flow.Service]).Where(name => name.Length > 0).Distinct().Count();
        var grouping = view.Grouping ?? (names > MostUngrouped ? TrafficGrouping.Context : TrafficGrouping.None);
        var flows = series.Where(IsWanted).Select(one => (From: KeyOf(one.Flow.Source, grouping), To: KeyOf(one.Flow.Service, grouping), Series: one));
        if (view.Focus is { } focus)
        {
            flows = flows.Where(flow => IsIn(flow.Series.Flow.Source, focus) || IsIn(flow.Series.Flow.Service, focus));
        }

        var wanted = flows.ToList();
        var kept = Busiest(wanted);
        var drawn = wanted.ConvertAll(flow => (From: Keep(flow.From, kept), To: Keep(flow.To, kept), flow.Series));
        return new(source, reading.From, reading.To, grouping, Nodes(drawn, circuits, reading.Seconds), Edges(drawn, reading.Seconds))
        {
            RequestsPerSecond = drawn.Sum(flow => flow.Series.Counts.Total) / reading.Seconds,
            Services = drawn.SelectMany(flow => (string[])[flow.Series.Flow.Source, flow.Series.Flow.Service]).Where(name => name.Length > 0).Distinct().Count(),
            Focus = view.Focus,
        };
    }

    private static string Keep(string key, HashSet<string> kept) => kept.Contains(key) ? key : Rest;

    private static HashSet<string> Busiest(IReadOnlyCollection<(string From, string To, TrafficSeries Series)> flows)
    {
        var busy = new Dictionary<string, double>();
        foreach (var (from, to, series) in flows)
        {
            busy[from] = busy.GetValueOrDefault(from) + series.Counts.Total;
            busy[to] = busy.GetValueOrDefault(to) + series.Counts.Total;
        }

        return [.. busy.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(MostNodes).Select(entry => entry.Key)];
    }

    private static List<TrafficEdge> Edges(IEnumerable<(string From, string To, TrafficSeries Series)> flows, double seconds) =>
    [
        .. flows.Where(flow => flow.From != flow.To)
            .GroupBy(flow => (flow.From, flow.To))
            .Select(group => new TrafficEdge(group.Key.From, group.Key.To, Sum(group.Select(flow => flow.Series), seconds)!))
            .OrderByDescending(edge => edge.Stats.RequestsPerSecond).ThenBy(edge => edge.From, StringComparer.Ordinal).ThenBy(edge => edge.To, StringComparer.Ordinal),
    ];

    /// <summary>What series come to together; null when there were no requests.</summary>
    public static TrafficStats? Sum(IEnumerable<TrafficSeries> series, double seconds)
    {
        var (counts, latency) = (default(RequestCounts), LatencyHistogram.Empty);
        foreach (var one in series)
        {
            counts += one.Counts;
            latency = latency.With(one.Latency);
        }

        return counts.Total > 0 ? TrafficStats.Of(counts, latency, seconds) : null;
    }

    private List<TrafficNode> Nodes(List<(string From, string To, TrafficSeries Series)> flows, IReadOnlyList<CircuitReading> circuits, double seconds)
    {
        var members = new Dictionary<string, HashSet<string>>();
        void Add(string key, string service)
        {
            if (!members.TryGetValue(key, out var all))
            {
                members[key] = all = [];
            }

            if (service.Length > 0)
            {
                all.Add(service);
            }
        }

        flows.ForEach(flow => Add(flow.From, flow.Series.Flow.Source));
        flows.ForEach(flow => Add(flow.To, flow.Series.Flow.Service));
        var states = circuits.ToLookup(circuit => circuit.Service, circuit => circuit.Condition);
        var received = flows.ToLookup(flow => flow.To);
        return
        [
            .. members.Select(entry => Node(
                    entry.Key,
                    entry.Value,
                    received[entry.Key].Where(flow => flow.From != flow.To).Select(flow => flow.Series),
                    received[entry.Key].Where(flow => flow.From == flow.To).Select(flow => flow.Series),
                    entry.Value.SelectMany(service => states[service]),
                    seconds))
                .OrderByDescending(node => node.Received.RequestsPerSecond).ThenBy(node => node.Key, StringComparer.Ordinal),
        ];
    }

    private TrafficNode Node(
        string key, HashSet<string> services, IEnumerable<TrafficSeries> received, IEnumerable<TrafficSeries> within, IEnumerable<CircuitCondition> circuits, double seconds)
    {
        var summary = services.Contains(key) ? Find(key).Summary : null;
        var (kind, name) = key switch
        {
            Outside => (TrafficNodeKind.Outside, "Outside"),
            Hidden => (TrafficNodeKind.Hidden, "Services that you may not see"),
            Rest => (TrafficNodeKind.Rest, "Quieter services"),
            _ when services.Contains(key) => (TrafficNodeKind.Service, MapService.KeyOf(key).Name),
            _ => (TrafficNodeKind.Group, key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..]),
        };
        return new(key, kind, name, services.Count, Sum(received, seconds) ?? new TrafficStats(0, null, 0, 0, null, null, null))
        {
            Team = summary?.Team,
            Tier = summary?.Tier,
            Health = summary?.Health,
            Circuit = kind == TrafficNodeKind.Hidden ? null : circuits.Select(static circuit => (CircuitCondition?)circuit).MinBy(static circuit => Badness(circuit!.Value)),
            Within = Sum(within, seconds),
        };
    }

    /// <summary>The less a circuit lets through, the sooner it is to be seen.</summary>
    private static int Badness(CircuitCondition circuit) => circuit switch
    {
        CircuitCondition.Open => 0,
        CircuitCondition.ForcedOpen => 1,
        CircuitCondition.HalfOpen => 2,
        CircuitCondition.ForcedClosed => 3,
        _ => 4,
    };

    /// <summary>The node that a service is part of: itself, where it is looked at or nothing is put together; else its group.</summary>
    private string KeyOf(string service, TrafficGrouping grouping)
    {
        if (service.Length == 0)
        {
            return Outside;
        }

        var found = Find(service);
        return !found.IsVisible ? Hidden
            : grouping == TrafficGrouping.None || view.Focus == service || (view.Focus is { } focus && IsIn(service, focus)) ? service
            : GroupOf(found, grouping);
    }

    private static string GroupOf(MapService service, TrafficGrouping grouping) => grouping switch
    {
        TrafficGrouping.Context => $"context:{service.Summary?.BoundedContext ?? "none"}",
        TrafficGrouping.Team => $"team:{service.Summary?.Team ?? "none"}",
        _ => $"namespace:{service.Key.Namespace}",
    };

    private bool IsIn(string service, string focus)
    {
        if (service.Length == 0)
        {
            return focus == Outside;
        }

        var found = Find(service);
        return found.IsVisible && (service == focus || (focus.Split(':', 2) switch
        {
            ["context", _] => GroupOf(found, TrafficGrouping.Context) == focus,
            ["team", _] => GroupOf(found, TrafficGrouping.Team) == focus,
            ["namespace", _] => GroupOf(found, TrafficGrouping.Namespace) == focus,
            _ => false,
        }));
    }

    private bool IsWanted(TrafficSeries series) =>
        string.IsNullOrWhiteSpace(view.Text) || Has(series.Flow.Source, view.Text) || Has(series.Flow.Service, view.Text);

    /// <summary>Nothing is told of services that the reader may not see, and so they match nothing.</summary>
    private bool Has(string service, string text)
    {
        if (service.Length == 0 || Find(service) is not { IsVisible: true } found)
        {
            return false;
        }

        string?[] words = [service, found.Summary?.DisplayName, found.Summary?.Team, found.Summary?.BoundedContext];
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => words.Any(known => known?.Contains(word, StringComparison.OrdinalIgnoreCase) == true));
    }

    private MapService Find(string service) => _services.TryGetValue(service, out var known) ? known : _services[service] = find(service);
}
