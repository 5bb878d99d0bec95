using ControlPlane.Api.Fleet;
using ControlPlane.Api.Traffic.Map;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using CsCheck;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class TrafficMapBuilderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly HashSet<string> _hidden = [];
    private readonly Dictionary<string, string> _contexts = [];

    [Fact]
    public void Few_services_are_shown_by_themselves_with_rate_errors_and_latency()
    {
        var map = Build(new(), Flow("", "shop/order", 600, errors: 60), Flow("shop/order", "shop/payment", 300));

        Assert.Equal(["shop/order", "shop/payment", "outside"], map.Nodes.Select(node => node.Key));
        Assert.Equal([("outside", "shop/order"), ("shop/order", "shop/payment")], map.Edges.Select(edge => (edge.From, edge.To)));
        var order = map.Edges[0].Stats;
        Assert.Equal((2, 0.9, 0.2), (order.RequestsPerSecond, order.SuccessRate, order.ErrorsPerSecond));
        Assert.Equal(0.1, order.P50!.Value, precision: 3);
        Assert.Equal(3, map.RequestsPerSecond);
        Assert.Equal(2, map.Services);
    }

    [Fact]
    public void Versions_and_routes_of_a_service_are_one_node()
    {
        var map = Build(new(), Flow("", "shop/order", 300, version: "1.0.0"), Flow("", "shop/order", 300, errors: 300, version: "2.0.0"));

        Assert.Equal(0.5, Assert.Single(map.Edges).Stats.SuccessRate);
    }

    [Fact]
    public void Many_services_are_put_together_by_context_unless_asked_otherwise()
    {
        var flows = Enumerable.Range(0, TrafficMapBuilder.MostUngrouped + 1).Select(i =>
        {
            _contexts[$"shop/s{i}"] = $"context-{i % 3}";
            return Flow($"shop/s{i}", $"shop/s{(i + 1) % (TrafficMapBuilder.MostUngrouped + 1)}", 300);
        }).ToArray();

        var map = Build(new(), flows);
        Assert.Equal(TrafficGrouping.Context, map.Grouping);
        Assert.Equal(["context-0", "context-1", "context-2"], map.Nodes.Select(node => node.Name).Order());
        Assert.Equal(TrafficMapBuilder.MostUngrouped + 1, map.Nodes.Sum(node => node.Services));

        Assert.Equal(TrafficMapBuilder.MostUngrouped + 1, Build(new() { Grouping = TrafficGrouping.None }, flows).Nodes.Count);
        Assert.Equal("namespace:shop", Assert.Single(Build(new() { Grouping = TrafficGrouping.Namespace }, flows).Nodes).Key);
    }

    [Fact]
    public void What_a_group_sends_itself_is_within_it_and_no_edge()
    {
        (_contexts["shop/order"], _contexts["shop/cart"], _contexts["shop/payment"]) = ("ordering", "ordering", "payments");

        var map = Build(new() { Grouping = TrafficGrouping.Context }, Flow("shop/order", "shop/cart", 600), Flow("shop/order", "shop/payment", 300));

        Assert.Equal(("context:ordering", "context:payments"), Assert.Single(map.Edges.Select(edge => (edge.From, edge.To))));
        var ordering = map.Nodes.Single(node => node.Key == "context:ordering");
        Assert.Equal(2, ordering.Within!.RequestsPerSecond);
        Assert.Equal(0, ordering.Received.RequestsPerSecond);
    }

    [Fact]
    public void A_group_in_focus_is_opened_and_its_neighbours_stay_together()
    {
        (_contexts["shop/order"], _contexts["shop/cart"], _contexts["shop/payment"], _contexts["shop/risk"]) = ("ordering", "ordering", "payments", "payments");
        var view = new MapView { Grouping = TrafficGrouping.Context, Focus = "context:ordering" };

        var map = Build(view, Flow("shop/order", "shop/cart", 600), Flow("shop/order", "shop/payment", 300), Flow("shop/payment", "shop/risk", 300));

        Assert.Equal([("shop/order", "shop/cart"), ("shop/order", "context:payments")], map.Edges.Select(edge => (edge.From, edge.To)));
    }

    [Fact]
    public void A_service_in_focus_is_shown_with_all_that_it_exchanges_and_nothing_else()
    {
        var map = Build(new() { Focus = "shop/order" }, Flow("", "shop/order", 600), Flow("shop/order", "shop/payment", 300), Flow("", "shop/product", 900));

        Assert.Equal(["outside", "shop/order", "shop/payment"], map.Nodes.Select(node => node.Key).Order());
    }

    /// <summary>Its name, team and numbers are its own; that something calls is not hidden from who is called.</summary>
    [Fact]
    public void Services_that_the_reader_may_not_see_are_one_node_without_names()
    {
        _hidden.UnionWith(["bank/ledger", "bank/vault"]);

        var map = Build(new(), Flow("shop/order", "bank/ledger", 300), Flow("bank/vault", "shop/order", 300), Flow("bank/vault", "bank/ledger", 300));

        Assert.Equal(["elsewhere", "shop/order"], map.Nodes.Select(node => node.Key).Order());
        Assert.DoesNotContain(map.Nodes, node => node.Name.Contains("ledger", StringComparison.Ordinal));
        Assert.Empty(Build(new() { Text = "ledger" }, Flow("bank/vault", "bank/ledger", 300)).Nodes);
        Assert.Empty(Build(new() { Focus = "bank/ledger" }, Flow("bank/vault", "bank/ledger", 300)).Nodes);
    }

    [Fact]
    public void Words_narrow_to_flows_of_which_one_end_has_them_all()
    {
        _contexts["shop/payment"] = "payments";
        TrafficSeries[] flows = [Flow("", "shop/order", 300), Flow("shop/order", "shop/payment", 300), Flow("", "shop/product", 300)];

        Assert.Equal(("shop/order", "shop/payment"), Assert.Single(Build(new() { Text = "payments shop" }, flows).Edges.Select(edge => (edge.From, edge.To))));
        Assert.Equal(2, Build(new() { Text = "order" }, flows).Edges.Count);
        Assert.Empty(Build(new() { Text = "nothing of that name" }, flows).Edges);
    }

    [Fact]
    public void The_worst_circuit_of_a_node_is_the_one_that_is_seen()
    {
        (_contexts["shop/a"], _contexts["shop/b"], _contexts["shop/c"]) = ("x", "x", "y");
        CircuitReading[] circuits = [new("shop/a", CircuitCondition.Closed), new("shop/b", CircuitCondition.HalfOpen), new("shop/other", CircuitCondition.Open)];

        var map = new TrafficMapBuilder(Find, new() { Grouping = TrafficGrouping.Context }).Build(
            "embedded", Reading(Flow("shop/c", "shop/a", 1), Flow("shop/c", "shop/b", 1)), circuits);

        Assert.Equal(CircuitCondition.HalfOpen, map.Nodes.Single(node => node.Name == "x").Circuit);
        Assert.Null(map.Nodes.Single(node => node.Name == "y").Circuit);
    }

    [Fact]
    public void Requests_that_led_to_no_service_are_traffic_between_none() => Assert.Empty(Build(new(), Flow("shop/order", "", 300)).Nodes);

    /// <summary>Whatever is put together or left to the rest: no request is lost or told twice, and the picture stays readable.</summary>
    [Fact]
    public void Every_request_is_on_the_map_once() => Gen.Select(Gen.Int[0, 90], Gen.Int[0, 90], Gen.Int[1, 1000]).Array[1, 200].Sample(draws =>
    {
        foreach (var grouping in Enum.GetValues<TrafficGrouping>())
        {
            var flows = draws.Select(draw => Flow(draw.Item1 == 0 ? "" : $"shop/s{draw.Item1}", $"shop/s{draw.Item2}", draw.Item3)).ToArray();
            var map = Build(new() { Grouping = grouping }, flows);

            Assert.InRange(map.Nodes.Count, 1, TrafficMapBuilder.MostNodes + 1);
            Assert.Equal(
                draws.Sum(draw => draw.Item3) / 300d,
                map.Edges.Sum(edge => edge.Stats.RequestsPerSecond) + map.Nodes.Sum(node => node.Within?.RequestsPerSecond ?? 0),
                precision: 6);
            Assert.All(map.Edges, edge => Assert.True(map.Nodes.Any(node => node.Key == edge.From) && map.Nodes.Any(node => node.Key == edge.To)));
        }
    }, iter: 100);

    private static TrafficSeries Flow(string source, string service, double requests, double errors = 0, string version = "") => new(
        new(source, service, version, "shop/route"), new(requests, errors, 0, 0), new LatencyHistogram([0.1, 1], [requests / 2, requests / 2, 0]));

    private static TrafficReading Reading(params TrafficSeries[] series) => new(Now - TimeSpan.FromMinutes(5), Now, series);

    private TrafficMap Build(MapView view, params TrafficSeries[] series) => new TrafficMapBuilder(Find, view).Build("embedded", Reading(series), []);

    private MapService Find(string name)
    {
        var key = MapService.KeyOf(name);
        var isVisible = !_hidden.Contains(name);
        return new(key, isVisible, !isVisible ? null : new ServiceSummary
        {
            Namespace = key.Namespace,
            Name = key.Name,
            DisplayName = key.Name,
            Team = "team",
            Tier = ServiceTier.High,
            Lifecycle = ServiceLifecycle.Production,
            Health = ServiceHealth.Healthy,
            BoundedContext = _contexts.GetValueOrDefault(name),
        });
    }
}
